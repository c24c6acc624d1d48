import type { Cell } from "./cells.ts";
import type { Provider } from "./providers/provider.ts";
import type { RefusalCell } from "./refusals.ts";
import { paint, printable } from "./tables.ts";
import type { Finding } from "./vendor-check.ts";
import { vendorPages } from "./vendor-pages.ts";

/** Something that went wrong with one provider, and where a person would look for the reason. */
export interface Failure {
	readonly provider: Provider;
	readonly what: string;
	readonly findings: readonly Finding[];
	readonly look: readonly string[];
}

/** What a provider that could not be started has in all its cells. */
export function notStarted(provider: Provider, error: unknown): Finding {
	return {
		about: "start",
		expected: `${provider.app} running, and a user signed in`,
		got: error instanceof Error ? error.message : String(error),
	};
}

/** The failures of both tables, provider by provider; a provider that could not be started is one failure. */
export function collectFailures(providers: readonly Provider[], cells: readonly Cell[], refusals: readonly RefusalCell[]): Failure[] {
	return providers.flatMap((provider) => {
		const ofProvider = <T extends { readonly provider: Provider["id"] }>(all: readonly T[]): T[] =>
			all.filter((cell) => cell.provider === provider.id);
		const failures = [
			...ofProvider(cells).map(({ widget, findings }) => ({
				provider,
				what: vendorPages[widget].name,
				findings,
				look: [provider.route, vendorPages[widget].url],
			})),
			...ofProvider(refusals).map(({ refusal, findings }) => ({ provider, what: refusal, findings, look: [provider.route] })),
		].filter(({ findings }) => findings.length > 0);
		const start = failures.find(({ findings }) => findings[0]?.about === "start");
		return start === undefined ? failures : [{ ...start, what: "everything", look: [provider.route] }];
	});
}

/** Says of each failure what was expected, what came, and where to look; `log` gives the last lines of a provider's apps. */
export function renderFailures(failures: readonly Failure[], log: (provider: Provider) => string): string {
	const blocks = failures.map(({ provider, what, findings, look }) => {
		const reasons = findings.map(
			({ about, expected, got }) => `   ${about}\n     expected  ${expected}\n     got       ${indent(printable(got), 15)}`,
		);
		return [
			`${paint("red", "✗")} ${paint("bold", `${provider.name} → ${what}`)}`,
			...reasons,
			`     look at   ${look.join("\n               ")}`,
		].join("\n");
	});
	const logs = [...new Set(failures.map(({ provider }) => provider))].flatMap((provider) => {
		const lines = log(provider);
		return lines === "" ? [] : [paint("dim", `The last lines of ${provider.app}:\n  ${indent(printable(lines), 2)}`)];
	});
	return [...blocks, ...logs].join("\n");
}

function indent(text: string, columns: number): string {
	return text
		.trimEnd()
		.split("\n")
		.join(`\n${" ".repeat(columns)}`);
}

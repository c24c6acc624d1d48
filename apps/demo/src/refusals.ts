import { type Answer, ask, codeOf } from "./answer.ts";
import { type Provider, type Refusal, type RefusalName, type RunningProvider, refusalNames } from "./providers/provider.ts";
import type { Finding } from "./vendor-check.ts";

/** What a request got that must get no token: a cell of the second table. */
export interface RefusalCell {
	readonly provider: Provider["id"];
	readonly refusal: RefusalName;
	/** Why the provider has no such notion; null where it has. */
	readonly notApplicable: string | null;
	readonly remark: string | null;
	/** What the endpoint should have answered, and what it did. */
	readonly expected: { readonly status: number; readonly code: string } | null;
	readonly status: number | null;
	readonly code: string | null;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Readonly<Record<string, unknown>>;
	readonly findings: readonly Finding[];
}

/** Sends a provider's requests that must be refused; the outage comes last. */
export async function refuseAll(provider: Provider, running: RunningProvider): Promise<RefusalCell[]> {
	const cells: RefusalCell[] = [];
	for (const name of refusalNames) {
		const refusal = running.refusals[name];
		cells.push(
			typeof refusal === "string" ? { ...empty(provider, name), notApplicable: refusal } : await refuse(provider, running, name, refusal),
		);
	}
	return cells;
}

/** The column of a provider for which nothing could be asked. */
export function failColumn(provider: Provider, finding: Finding): RefusalCell[] {
	return refusalNames.map((name) => ({ ...empty(provider, name), findings: [finding] }));
}

async function refuse(provider: Provider, running: RunningProvider, name: RefusalName, refusal: Refusal): Promise<RefusalCell> {
	const { status, code, remark = null } = refusal;
	const cell = { ...empty(provider, name), remark, expected: { status, code } };
	let answer: Answer;
	try {
		const headers = await refusal.headers();
		const restore = await refusal.breakBackend?.();
		// BestChatBot requires an email address, so that it tells every kind of refusal apart.
		const asked = ask(refusal.endpoint ?? running.endpoint, "bestchatbot", headers);
		answer = restore === undefined ? await asked : await asked.finally(restore);
	} catch (error) {
		const got = error instanceof Error ? error.message : String(error);
		return { ...cell, findings: [{ about: "answer", expected: `${status} ${code}`, got }] };
	}
	return {
		...cell,
		status: answer.status,
		code: codeOf(answer),
		headers: answer.headers,
		body: answer.body,
		findings: inspect(answer, refusal),
	};
}

/** Why cells are not like the others of their table. */
export interface Remark {
	/** How such a cell is marked. */
	readonly mark: "n/a" | "*";
	readonly reason: string;
	/** The names of the providers. */
	readonly providers: readonly string[];
}

/** The remarks on a table of refusals, the providers with one reason together. */
export function collectRemarks(providers: readonly Provider[], cells: readonly RefusalCell[]): readonly Remark[] {
	const remarks = new Map<string, Remark>();
	for (const { provider: id, notApplicable, remark } of cells) {
		const reason = notApplicable ?? remark;
		if (reason === null) continue;
		const name = providers.find((provider) => provider.id === id)?.name ?? id;
		const known = remarks.get(reason) ?? { mark: notApplicable === null ? "*" : "n/a", reason, providers: [] };
		remarks.set(reason, { ...known, providers: [...known.providers, name] });
	}
	return [...remarks.values()];
}

/** A code as a table shows it: an answer that is not a problem as what it holds. */
export function describeCode(code: string): string {
	return code === "no token" ? '{ "token": null }' : code;
}

function inspect(answer: Answer, { status, code }: Refusal): Finding[] {
	const findings: Finding[] = [];
	const got = `${answer.status} ${codeOf(answer)}`;
	if (got !== `${status} ${code}`) findings.push({ about: "answer", expected: `${status} ${code}`, got });
	if (status === 503 && !(Number(answer.headers["retry-after"]) > 0)) {
		findings.push({ about: "retry-after", expected: "a number of seconds", got: answer.headers["retry-after"] ?? "nothing" });
	}
	const cache = answer.headers["cache-control"] ?? "nothing";
	if (!cache.startsWith("private, no-store")) findings.push({ about: "cache-control", expected: "private, no-store", got: cache });
	return findings;
}

function empty(provider: Provider, refusal: RefusalName): RefusalCell {
	return {
		provider: provider.id,
		refusal,
		notApplicable: null,
		remark: null,
		expected: null,
		status: null,
		code: null,
		headers: {},
		body: {},
		findings: [],
	};
}

import { writeFileSync } from "node:fs";
import type { Cell } from "./cells.ts";
import type { RefusalCell } from "./refusals.ts";
import { vendorPages } from "./vendor-pages.ts";

/** What the demo has found. */
export interface Results {
	readonly cells: readonly Cell[];
	readonly refusals: readonly RefusalCell[];
}

/** Whether every vendor would accept its token and every refusal is the right one. */
export function isRight({ cells, refusals }: Results): boolean {
	return [...cells, ...refusals].every(({ findings }) => findings.length === 0);
}

/** Writes the report as JSON. Its keys and tokens are of this run only, and open nothing. */
export function writeReport(path: string, results: Results): void {
	const cells = results.cells.map(({ provider, widget, findings, ...cell }) => {
		const { algorithm } = vendorPages[widget];
		return { provider, widget, right: findings.length === 0, algorithm, ...cell, findings };
	});
	const refusals = results.refusals.map(({ provider, refusal, findings, ...cell }) => ({
		provider,
		refusal,
		right: findings.length === 0,
		...cell,
		findings,
	}));
	writeFileSync(path, `${JSON.stringify({ right: isRight(results), cells, refusals }, null, "\t")}\n`);
}

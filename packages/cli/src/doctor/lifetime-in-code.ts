import type { JwtContract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { describeSeconds } from "../contract-description.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { importsWidget, type Project } from "./project.ts";

/**
 * Whether code asks for a longer life than the vendor advises.
 *
 * Only numbers and products of numbers are read. Where it is open which of several widgets one is for, the most patient
 * of them counts.
 */
export function checkLifetimesInCode({ sources }: Project): readonly Diagnosis[] {
	return sources.flatMap(({ name, text }) => {
		const imported = Object.entries(widgets).filter(
			(entry): entry is [string, JwtContract] => entry[1].scheme === "jwt" && importsWidget(text, entry[0]),
		);
		return [...text.matchAll(/\blifetimeSeconds\s*:\s*([\d_]+(?:\s*\*\s*[\d_]+)*)(?=\s*[,}\n/])/g)].flatMap((match) => {
			const contract = chooseContract(imported, text, match.index);
			if (contract === undefined) return [];
			const seconds = (match[1] ?? "").split("*").reduce((product, factor) => product * Number(factor.replaceAll("_", "")), 1);
			return judge(contract, seconds, `${name}, line ${text.slice(0, match.index).split("\n").length}`);
		});
	});
}

function judge({ name, lifetime }: JwtContract, seconds: number, where: string): Diagnosis {
	const { advisedMaximumSeconds = lifetime.maximumSeconds, maximumSeconds } = lifetime;
	const problem = {
		where,
		expected: `at most ${describeSeconds(advisedMaximumSeconds)}, as ${name} advises`,
		got: describeSeconds(seconds),
		remedy: `Leave lifetimeSeconds out (${describeSeconds(lifetime.defaultSeconds)}): the client fetches a new token before the old one ends.`,
	};
	if (seconds > maximumSeconds) return failed("lifetime-in-code", problem);
	return seconds > advisedMaximumSeconds ? doubtful("lifetime-in-code", problem) : passed("lifetime-in-code", where);
}

function chooseContract(imported: readonly (readonly [string, JwtContract])[], text: string, at: number): JwtContract | undefined {
	// createMint(widget, { … lifetimeSeconds: the call that is still open.
	const call = /createMint\(\s*(\w+)\s*,\s*\{[^}]*$/.exec(text.slice(0, at))?.[1];
	const named = imported.find(([exported]) => exported === call);
	if (named !== undefined) return named[1];
	return imported.map(([, contract]) => contract).sort((a, b) => advised(b) - advised(a))[0];
}

function advised({ lifetime }: JwtContract): number {
	return lifetime.advisedMaximumSeconds ?? lifetime.maximumSeconds;
}

import { createContext, runInContext } from "node:vm";
import type { Contract } from "@widget-token/core";

/** What a page saw of a footer. */
export interface FooterRun {
	readonly requests: readonly string[];
	readonly attributes: Readonly<Record<string, string>>;
	readonly calls: Readonly<Record<string, readonly unknown[]>>;
}

/** Runs the footer's script in a page whose widget notes what it is called with, and asks for the token where it is to ask. */
export async function runFooter(script: string, contract: Contract, token: string | null): Promise<FooterRun> {
	const requests: string[] = [];
	const attributes: Record<string, string> = {};
	const calls: Record<string, readonly unknown[]> = {};
	const response = contract.delivery?.endpoint?.response;
	const member = response?.format === "json" ? response.member : "token";
	const embed = contract.delivery?.embeds.default;
	const page: Record<string, unknown> = {
		console,
		setTimeout,
		fetch: async (url: string) => {
			requests.push(url);
			return { ok: true, json: async () => ({ [member]: token }) };
		},
		document: {
			createElement: () => ({ setAttribute: (name: string, value: string) => Object.assign(attributes, { [name]: value }) }),
			body: { append: (element: { onload: () => void }) => setTimeout(() => element.onload(), 0) },
		},
	};
	page.window = page;
	for (const { on, call } of [...(embed?.deliver ?? []), ...(embed?.start ?? [])]) {
		page[on] ??= {};
		const owner = (on === "window" ? page : page[on]) as Record<string, unknown>;
		owner[call] = (...values: unknown[]) => Object.assign(calls, { [`${on}.${call}`]: values });
	}
	runInContext(script, createContext(page));
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
	const asked = Object.values(calls).flatMap((values) =>
		values.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : [value])),
	);
	for (const ask of asked)
		if (typeof ask === "function")
			calls["answer of the resolver"] = [
				await Promise.resolve(ask((given: unknown) => Object.assign(calls, { "answer of the callback": [given] }))).catch(() => null),
			];
	if (embed === undefined)
		for (const value of Object.values(page))
			if (typeof value === "function" && value.name === "fetchToken")
				calls["answer of the function"] = [await (value as () => Promise<unknown>)()];
	return { requests, attributes, calls };
}

import { createTokenSession, mountWidget } from "@widget-token/client";
import fc from "fast-check";
import { expect, it } from "vitest";
import { settle, simulateBrowser } from "./simulated-browser.ts";
import { SimulatedEndpoint } from "./simulated-endpoint.ts";

simulateBrowser();

const names = ["apiKey", "container", "title"];
const reference = fc.constantFrom("{apiKey}", "{container}", "{title}", "{token}");
const text = fc.oneof(reference, fc.string(), fc.constantFrom("{", "{}", "{api key}", "{{apiKey}}", "x{token}"));
const settings = fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(text, fc.array(text, { maxLength: 2 }), fc.object())])));
const { argument } = fc.letrec((tie) => ({
	argument: fc.oneof(
		{ maxDepth: 3 },
		text,
		fc.constantFrom(null, true, 1),
		fc.array(tie("argument"), { maxLength: 2 }),
		fc.dictionary(fc.constantFrom("a", "b", "match"), tie("argument")),
	),
}));

/** What a contract's value stands for, said a second time: each text that is a reference once, and nothing else. */
function substitute(value: unknown, scope: Readonly<Record<string, unknown>>): unknown {
	if (typeof value === "string") return value.startsWith("{") && value.slice(1, -1) in scope ? scope[value.slice(1, -1)] : value;
	if (Array.isArray(value)) return value.map((each) => substitute(each, scope));
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, substitute(each, scope)]));
}

it("an argument gets each setting once, whatever the settings hold", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(argument, { maxLength: 3 }), settings, async (args, values) => {
			const session = createTokenSession({ endpoint: "/api/widget-token", fetch: new SimulatedEndpoint().fetch });
			const given: unknown[][] = [];
			mountWidget(
				{ id: "acme", delivery: { embeds: { default: { deliver: [{ on: "Acme", call: "setUser", with: args }] } } } },
				{ session, settings: { ...values, Acme: { setUser: (...all: unknown[]) => given.push(all) } } },
			);
			await settle();
			session.dispose();
			expect(given).toEqual([substitute(args, { ...values, token: "ada-1" })]);
		}),
		{ numRuns: 1000, examples: [[[["{apiKey}"]], { apiKey: "{token}", container: "", title: "" }]] },
	);
});

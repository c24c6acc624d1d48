import type { Contract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import type { RecipeProvider } from "../recipes/recipe.ts";
import { printable } from "../terminal.ts";
import { contractLines } from "./contract-text.ts";
import { deliveryLines } from "./delivery-text.ts";
import { providerTexts } from "./provider-text.ts";
import { rulesOf } from "./rules-text.ts";

export interface PromptOptions {
	/** Default: the assistant finds out. */
	readonly provider?: RecipeProvider | undefined;
}

/** The instructions for an AI coding assistant: first inspect, then implement the contract exactly. */
export function writePrompt(contract: Contract, { provider }: PromptOptions = {}): string {
	const name = printable(contract.name).replace(/\s+/g, " ");
	return [
		`Make ${name} know who the signed-in visitors of this project are. Work in two phases; do not begin the second before I have agreed to your report.`,
		"",
		"# Phase 1: inspect",
		"Change no file yet. Read the project and report:",
		...numbered([
			"Language, framework and versions; whether pages are rendered on the server for each request, cached, or static with a separate API; where it is deployed.",
			`${provider === undefined ? "What signs users in" : `How ${providerTexts[provider].name} is set up`}; the place in server-side code where the VERIFIED user is at hand; which of its fields ${needs(contract)}, and where it says that an email address is verified.`,
			`Where ${name} is embedded, or should be${scriptOf(contract)}, and whether anything tells it about the user already.`,
			"What signs a user out, and what else changes the user without reloading the page.",
			"Page caches, CDNs, service workers and login redirects that would stand before a new endpoint.",
			"Where secrets are kept in development and production, and whether git ignores those files.",
			"The files that you would add or change. Ask whatever is unclear.",
		]),
		"",
		"# Phase 2: implement",
		"",
		`## The contract of ${name}`,
		"It is complete: add nothing, rename nothing, leave out nothing that is required.",
		...contractLines(contract),
		...(contract.documentation.length === 0 ? [] : [`- Source: ${contract.documentation.map(printable).join(", ")}`]),
		"",
		"## Rules",
		...rulesOf(contract),
		...(provider === undefined
			? []
			: ["", `## The user, from ${providerTexts[provider].name}`, ...providerTexts[provider].lines.map((line) => `- ${line}`)]),
		"",
		"## How to write it",
		...meansOf(contract, provider),
		"",
		"## In the browser",
		...deliveryLines(contract),
		"- Forget the token and tell the widget BEFORE the app's session ends, and whenever another user signs in. A token that was asked for by an earlier user must never be delivered.",
		"",
		"## Before you are done",
		...numbered([
			"Test the endpoint: nobody signed in gives no token; two users give two tokens; a user whose address is not verified is treated as above; a missing key is an error of the server that says nothing to the browser.",
			`Check a token with \`npx widget-token verify ${idOf(contract)} -\` and the running app with \`npx widget-token doctor --url <endpoint>\`.`,
			`List the files that you changed, and tell me to set ${[contract.key.env, ...Object.values(contract.settings ?? {}).flatMap((rule) => (rule.default === undefined ? [rule.env] : []))].join(", ")}. Do not ask me for the values, and do not print them.`,
		]),
	].join("\n");
}

function numbered(lines: readonly string[]): string[] {
	return lines.map((line, index) => `${index + 1}. ${line}`);
}

function meansOf(contract: Contract, provider: RecipeProvider | undefined): string[] {
	const exported = Object.entries(widgets).find(([, known]) => known.id === contract.id)?.[0];
	const source =
		exported === undefined
			? "`defineContract` of @widget-token/core, with the contract's JSON"
			: `\`${exported}\` of @widget-token/widgets`;
	const entries =
		provider === undefined ? [] : providerTexts[provider].entries.map(({ name, from, home }) => `  - ${home}: \`${name}\` of ${from}.`);
	return [
		`- JavaScript or TypeScript on a server: use @widget-token/core with ${source}; \`createTokenHandler({ identify, widget })\` is the whole endpoint with the rules above${entries.length === 0 ? ", and @widget-token/clerk, firebase, supabase and auth0 read the user" : ":"}`,
		...entries,
		`- In Next.js, Express, Hono, a Cloudflare Worker or a Supabase Edge Function \`npx widget-token init ${idOf(contract)} --dry-run\` shows what it would write as a diff, and with --yes in its place writes it.`,
		"- Its page: `createTokenSession` and `mountWidget` of @widget-token/client (or its ./react), which keep the token fresh and clear the widget.",
		`- Any other language, or a static site: start from \`npx widget-token recipe ${idOf(contract)} --lang <php|wordpress|python|django|ruby|go|cloudflare-worker|vercel-function|aws-lambda>\`.`,
		"- Touch only what this needs, in the style of the project.",
	];
}

function needs(contract: Contract): string {
	const rules =
		contract.scheme === "hmac"
			? [contract.message.field]
			: Object.values(contract.claims).flatMap((rule) => (rule.from === "identity" ? [rule.field] : rule.from === "role" ? ["role"] : []));
	return `hold ${[...new Set(rules.filter((field) => field !== "emailVerified"))].join(", ") || "the user's id"}`;
}

function scriptOf({ delivery }: Contract): string {
	const sources = Object.values(delivery?.embeds ?? {}).flatMap(({ script }) => (script?.src.startsWith("https:") ? [script.src] : []));
	return sources.length === 0 ? "" : ` (look for ${[...new Set(sources)].map(printable).join(", ")})`;
}

function idOf(contract: Contract): string {
	return Object.values(widgets).some(({ id }) => id === contract.id) ? contract.id : "--contract <file>";
}

import * as widgets from "@widget-token/widgets";
import { commands } from "../src/commands.ts";
import { contractLines } from "../src/prompt/contract-text.ts";
import { deliveryLines } from "../src/prompt/delivery-text.ts";
import { type PackageEntry, providerTexts } from "../src/prompt/provider-text.ts";
import { generalRules, keyRule } from "../src/prompt/rules-text.ts";
import { recipeLanguages } from "../src/recipes/languages.ts";
import { packageTexts } from "./package-texts.ts";

/** What of a package's manifest is told. */
export interface Manifest {
	readonly name: string;
	readonly description: string;
}

/** The `AGENTS.md` of a package's tarball: how a coding assistant uses it rightly. */
export function agentsText({ name, description }: Manifest): string {
	const provider = Object.values(providerTexts).find(({ entries }) => entries[0]?.from === name);
	const { example = provider && entryExample(provider.entries), lines = [] } = packageTexts[name] ?? {};
	return join([
		`# ${name}: for coding assistants`,
		"",
		`${description}. The package's README tells people the same at length.`,
		"",
		...(example === undefined ? [] : ["```ts", example, "```", ""]),
		...bullets([...lines, ...(provider?.entries ?? []).map(entryLine)]),
		...(provider === undefined
			? []
			: [
					"",
					`## What ${provider.name}'s SDK does not say by itself`,
					"This package keeps to all of it; so must code that reads the user in another way.",
					...bullets(provider.lines),
				]),
		...(name === "widget-token" ? ["", "## Commands", ...commandLines()] : []),
		...(name === "@widget-token/widgets" ? contractSections() : []),
		"",
		"## Rules",
		...bullets([keyRule("the environment variable that the contract names"), ...generalRules]),
		"",
		"`npx widget-token prompt <widget>` prints the complete instructions for one widget: inspect the project first, then implement its contract.",
	]);
}

/** The project's `llms.txt` (llmstxt.org). */
export function llmsText(manifests: readonly Manifest[]): string {
	return join([
		"# widget-token",
		"",
		"> Proves to embedded third-party widgets (support chats, AI agents) who the visitor of a web app is: the server reads the user whom the auth provider has verified, and mints a short-lived token with the claims, key, algorithm and lifetime that the widget's vendor asks for.",
		"",
		"TypeScript, ESM, Node ≥ 20.9 and edge runtimes. One function for each auth provider, one data file for each vendor. For other languages the command line writes the code.",
		"",
		"## Packages",
		...manifests.map(({ name, description }) => `- [${name}](packages/${folderOf(name)}/AGENTS.md): ${description}`),
		"",
		"## The endpoint, by auth provider",
		...Object.values(providerTexts).flatMap(({ name, entries }) =>
			entries.map((entry) => `- ${name}, ${entry.home}: \`${entry.name}\` of ${entry.from}`),
		),
		"- Anything else: `createTokenHandler({ identify, widget })` of @widget-token/core",
		"",
		"## Rules",
		...bullets([keyRule("the environment variable that the contract names"), ...generalRules]),
		...contractSections(),
		"",
		"## Commands",
		...commandLines(),
		"",
		"## Optional",
		"- [Architecture](docs/ARCHITECTURE.md): the parts and the rules between them",
		"- [Verification](docs/VERIFY.md): the vendor's half",
	]);
}

function contractSections(): string[] {
	return Object.entries(widgets).flatMap(([name, contract]) => [
		"",
		`## ${contract.name}: \`${name}\``,
		...contractLines(contract),
		...deliveryLines(contract),
		...(contract.documentation.length === 0 ? [] : [`- Source: ${contract.documentation.join(", ")}`]),
	]);
}

function commandLines(): string[] {
	const languages = `; \`--lang\` ${recipeLanguages.map(({ name }) => name).join(", ")}`;
	return commands.map(
		({ name, summary }) =>
			`- \`widget-token ${name}\`: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}${name === "recipe" ? languages : ""}`,
	);
}

function entryLine({ name, from, home }: PackageEntry): string {
	return `\`${name}\` of ${from}: ${home}.`;
}

// Each of these is one call with a widget, and for Auth0's route the app's client.
function entryExample([entry]: readonly PackageEntry[]): string | undefined {
	if (entry === undefined) return undefined;
	const client = entry.from === "@widget-token/auth0";
	return [
		...(client ? ['import { Auth0Client } from "@auth0/nextjs-auth0/server";'] : []),
		`import { ${entry.name} } from "${entry.from}";`,
		'import { bestChatBot } from "@widget-token/widgets";',
		"",
		`export const handler = ${entry.name}({ ${client ? "auth0: new Auth0Client(), " : ""}widget: bestChatBot });`,
	].join("\n");
}

function bullets(lines: readonly string[]): string[] {
	return lines.map((line) => `- ${line}`);
}

/** The folder of a package. */
export function folderOf(name: string): string {
	return name === "widget-token" ? "cli" : name.replace("@widget-token/", "");
}

function join(lines: readonly string[]): string {
	return `${lines.join("\n")}\n`;
}

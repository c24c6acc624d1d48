import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { agentsText, folderOf, llmsText, type Manifest } from "./agent-texts.ts";

/** The files for coding assistants by their path from the project's root: `llms.txt`, and one for each published package. */
export function agentFiles(): ReadonlyMap<string, string> {
	const manifests = globSync("packages/*/package.json", { cwd: fileURLToPath(root) })
		.map((path) => JSON.parse(readFileSync(new URL(path, root), "utf8")) as Manifest & { readonly private?: boolean })
		.filter((manifest) => manifest.private !== true)
		.sort((a, b) => order(a.name) - order(b.name) || a.name.localeCompare(b.name, "en"));
	return new Map([
		["llms.txt", llmsText(manifests)],
		...manifests.map((manifest): [string, string] => [`packages/${folderOf(manifest.name)}/AGENTS.md`, agentsText(manifest)]),
	]);
}

export const root: URL = new URL("../../../", import.meta.url);

function order(name: string): number {
	const first = ["widget-token", "@widget-token/core", "@widget-token/widgets", "@widget-token/client"].indexOf(name);
	return first === -1 ? Number.MAX_SAFE_INTEGER : first;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const [path, text] of agentFiles()) writeFileSync(new URL(path, root), text);
}

import { posix } from "node:path";
import * as known from "@widget-token/widgets";
import { writeArray, writeComment, writeImports } from "./code.ts";
import { readOwnContract } from "./own-contract.ts";
import type { ProjectFiles } from "./project-files.ts";
import { type WidgetCode, widgetCode } from "./widget-code.ts";
import { type WidgetOptionsContext, writeEntry, writeMint } from "./widget-options.ts";

/** Finds the widgets that the endpoint's file at this path serves, in the order in which it names them. */
export async function findServedWidgets(files: ProjectFiles, path: string): Promise<readonly WidgetCode[]> {
	const text = files.read(path) ?? "";
	const names = [...text.matchAll(/^import\s*\{([^}]*)\}\s*from\s*["']@widget-token\/widgets["']/gm)].flatMap(
		([, list = ""]) => list.match(/\w+/g) ?? [],
	);
	const published = Object.entries(known).flatMap(([name, contract]) => (names.includes(name) ? [widgetCode(contract, undefined)] : []));
	const own: WidgetCode[] = [];
	for (const [, module = ""] of text.matchAll(/^import\s+\w+\s+from\s*["'](\.[^"']+\.json)["']/gm)) {
		const file = posix.join(posix.dirname(path), module);
		// One that cannot be read is left to the eyes of the integrator, as any other change of the file.
		const contract = await readOwnContract(file, files.root).catch(() => undefined);
		if (contract !== undefined) own.push(widgetCode(contract, file));
	}
	const body = text.replace(/^import\b[^"']*["'][^"']*["'].*$/gm, "");
	const place = ({ variable }: WidgetCode): number => body.search(new RegExp(`\\b${variable}\\b`));
	return [...published, ...own].filter((widget) => place(widget) !== -1).sort((a, b) => place(a) - place(b));
}

/** What an endpoint's file with changes of the integrator's has to gain to serve one more widget. */
export function describeAddition(text: string, present: readonly WidgetCode[], added: WidgetCode, context: WidgetOptionsContext): string {
	const entry = writeEntry(added, context);
	if (/\bwidgets\s*:/.test(text)) return `${writeImports(entry.imports)}\n\n// One more of the \`widgets\`:\n${entry.code},`;
	const [first] = present;
	const expression = first?.server(context.path).expression ?? "theWidget";
	const code = text.replace(/^\s*\/\/.*$/gm, "");
	const moved = ofOneWidget.filter((name) => new RegExp(`\\b${name}\\s*[:(,]`).test(code));
	const comment = writeComment(`In place of \`widget: ${expression}\`${moved.length === 0 ? "" : `, and of ${moved.join(", ")}`}:`);
	const mint =
		moved.length === 0
			? undefined
			: writeMint(
					expression,
					moved.map((name) => `${name}: /* as it is */`),
					context,
				);
	return [
		writeImports(entry.imports, mint?.imports ?? {}),
		`${comment}\nwidgets: ${writeArray([mint?.code ?? expression, entry.code])},`,
	].join("\n\n");
}

// With several widgets, an endpoint takes each of these for one of them only.
const ofOneWidget = ["secret", "settings", "role", "claims", "lifetimeSeconds"];

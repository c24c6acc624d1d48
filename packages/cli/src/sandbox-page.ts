import type { Contract } from "@widget-token/core";
import type { PageAddress } from "@widget-token/sandbox";
import { CliError } from "./cli-error.ts";
import { publicPrefix, scriptVariable, settingName } from "./init/page-values.ts";
import { inspectProject, type Project } from "./init/project.ts";

/** An address of the sandbox, and how the page of this project takes it. */
export interface PageLine {
	readonly widget: string;
	readonly embeds: readonly string[];
	/** `src`, the name of the page's setting, or `tag` for a script tag of the page's own. */
	readonly name: string;
	readonly url: string;
	/** The variable that the project's page reads it from; null where no source does. */
	readonly variable: string | null;
	/** Whether that variable holds the address already. */
	readonly isSet: boolean;
}

/** What the page of a project is written in, which decides what a line looks like. */
export type PageForm = "react" | "module" | "html";

/** The lines that make the page in this folder load its scripts from the sandbox at `origin`. */
export function listPageLines(
	folder: string,
	contracts: readonly Contract[],
	addresses: readonly PageAddress[],
	origin: string,
): { readonly form: PageForm; readonly lines: readonly PageLine[] } {
	const project = findProject(folder);
	const lines = contracts.flatMap((contract) => {
		const own = addresses.filter(({ widget }) => widget === contract.id);
		return own.flatMap((address) => toLine(project, contract, address, origin) ?? []);
	});
	return { form: project?.hasReact || project?.next !== undefined ? "react" : project?.hasVite ? "module" : "html", lines };
}

/** Writes lines as the page has them: attributes, options or tags. */
export function writePageLines(lines: readonly PageLine[], form: PageForm): readonly (readonly [widget: string, code: string])[] {
	// The settings of one embed are written as one object.
	const embeds = new Map<string, PageLine[]>();
	for (const line of lines) {
		const key = [line.widget, ...line.embeds].join(" ");
		embeds.set(key, [...(embeds.get(key) ?? []), line]);
	}
	return [...embeds.values()].map((group) => {
		const [{ widget, embeds: names }] = group as [PageLine];
		const code = writers[form](group);
		return [widget, names.includes("default") ? code : `${code}  (${names.join(", ")})`];
	});
}

const writers: Readonly<Record<PageForm, (lines: readonly PageLine[]) => string>> = {
	react: (lines) => writeScript(lines, (url) => `src=${url}`) ?? `settings={{ ${writeMembers(lines)} }}`,
	module: (lines) => writeScript(lines, (url) => `src: ${url}`) ?? `settings: { ${writeMembers(lines)} }`,
	html: (lines) => writeScript(lines, writeTag) ?? writeMembers(lines),
};

function writeScript([first]: readonly PageLine[], write: (url: string) => string): string | undefined {
	const url = JSON.stringify(first?.url);
	if (first?.name === "tag") return writeTag(url);
	return first?.name === "src" ? write(url) : undefined;
}

function writeTag(url: string): string {
	return `<script src=${url}></script>`;
}

function writeMembers(lines: readonly PageLine[]): string {
	return lines.map(({ name, url }) => `${name}: ${JSON.stringify(url)}`).join(", ");
}

function toLine(
	project: Project | undefined,
	contract: Contract,
	{ embeds, name, path, widget }: PageAddress,
	origin: string,
): PageLine | undefined {
	const url = origin + path;
	const line = { widget, embeds, name, url, variable: null, isSet: false };
	const prefix = project && publicPrefix(project);
	if (project === undefined || prefix === undefined) return line;
	if (name === "tag") return line;
	const variable = prefix + (name === "src" ? scriptVariable(contract) : settingName(contract, name));
	const source = project.files.findSource(new RegExp(`\\b${variable}\\b`));
	if (source === undefined) return line;
	// One variable holds the address of the one embed that the page shows.
	const embed = /\bembed(?:=|:\s*)["'](\w+)["']/.exec(project.files.read(source) ?? "")?.[1] ?? "default";
	if (!embeds.includes(embed)) return undefined;
	return { ...line, variable, isSet: isSameAddress(project.env.values[variable], url) };
}

function isSameAddress(value: string | undefined, url: string): boolean {
	if (value === undefined || !URL.canParse(value)) return false;
	const [given, wanted] = [new URL(value), new URL(url)];
	return given.port === wanted.port && given.pathname === wanted.pathname && ["127.0.0.1", "localhost"].includes(given.hostname);
}

// The sandbox runs anywhere, also where there is no app.
function findProject(folder: string): Project | undefined {
	try {
		return inspectProject(folder);
	} catch (error) {
		if (error instanceof CliError) return undefined;
		throw error;
	}
}

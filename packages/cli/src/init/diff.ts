import { createTwoFilesPatch } from "diff";
import type { Plan } from "./plan.ts";
import { isWritten } from "./planned-file.ts";

/**
 * What `init` would write, as a unified diff that `git apply --unidiff-zero` takes.
 *
 * Of an env file it shows added lines only, for those around them hold secrets.
 */
export function writeDiff({ files, env }: Pick<Plan, "files" | "env">): string {
	const written = files.filter(isWritten).map(({ path, before, content }) => writePatch(path, before, content, 3));
	const changed = env.map(({ path, exists, before, after }) => writePatch(path, exists ? endLine(before) : undefined, endLine(after), 0));
	return [...written, ...changed].join("");
}

function writePatch(path: string, before: string | undefined, after: string, context: number): string {
	const [from, to] = [before === undefined ? "/dev/null" : `a/${path}`, `b/${path}`];
	const headerOptions = { includeIndex: false, includeUnderline: false, includeFileHeaders: true };
	return createTwoFilesPatch(from, to, before ?? "", after, undefined, undefined, { context, headerOptions });
}

// A last line without its end would be shown as changed, and with it its value.
function endLine(text: string): string {
	return Buffer.from(text === "" || text.endsWith("\n") ? text : `${text}\n`, "latin1").toString("utf8");
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../cli-error.ts";
import { replaceFile } from "../env-file-change.ts";
import type { Plan } from "./plan.ts";
import { isWritten } from "./planned-file.ts";

/**
 * Writes what is missing: new files, lines at the end of env files, and a widget in an endpoint that is as `init` wrote it.
 * Nothing else that is there is changed. Returns the paths.
 *
 * @throws CliError `file_changed`, `file_unwritable`, `env_file_unwritable`.
 */
export function applyPlan({ project, files, env }: Plan): readonly string[] {
	const { root } = project.files;
	const written: string[] = [];
	const changed = files.find(({ path, before, state }) => state === "earlier" && project.files.read(path) !== before);
	if (changed !== undefined)
		throw new CliError("file_changed", `${changed.path} has changed since it was read, and nothing is written. Start again.`);
	for (const file of files.filter(isWritten)) {
		const { path, content, state } = file;
		try {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			// A new file fails rather than replaces what has come into being since.
			writeFileSync(join(root, path), content, { flag: state === "missing" ? "wx" : "w" });
		} catch (cause) {
			throw new CliError("file_unwritable", `${path} cannot be written`, {
				remedy: "Check the permissions of its folder, and start again: what is written already is kept.",
				cause,
			});
		}
		written.push(path);
	}
	for (const { path, after } of env) {
		replaceFile(join(root, path), after, root);
		written.push(path);
	}
	return written;
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../cli-error.ts";
import { replaceFile } from "../env-file-change.ts";
import type { Plan } from "./plan.ts";

/** Writes what is missing: new files, and lines at the end of env files. Nothing that is there is changed. Returns the paths. */
export function applyPlan({ project, files, env }: Plan): readonly string[] {
	const { root } = project.files;
	const written: string[] = [];
	for (const { path, content, state } of files) {
		if (state !== "missing") continue;
		try {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			// Fails rather than replaces what has come into being since.
			writeFileSync(join(root, path), content, { flag: "wx" });
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

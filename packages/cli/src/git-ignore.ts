import { spawnSync } from "node:child_process";
import { basename, dirname } from "node:path";

/** What git does with a file. `outside`: there is no repository, or no git. */
export type GitState = "ignored" | "tracked" | "exposed" | "outside";

/** Asks git whether a file would get into a commit. */
export function askGit(path: string): GitState {
	const git = (...args: string[]): number | null =>
		// A repository's own settings may name a program to run as its file-system monitor.
		spawnSync("git", ["-c", "core.fsmonitor=false", ...args], { cwd: dirname(path), stdio: "ignore", timeout: 5_000 }).status;
	if (git("rev-parse", "--is-inside-work-tree") !== 0) return "outside";
	const name = basename(path);
	if (git("ls-files", "--error-unmatch", "--", name) === 0) return "tracked";
	return git("check-ignore", "--quiet", "--", name) === 0 ? "ignored" : "exposed";
}

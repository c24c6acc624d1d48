import { spawn } from "node:child_process";
import { CliError } from "../cli-error.ts";

/** Runs the package manager in the project; its output goes to standard error, where it does not mix with ours. */
export async function installPackages([program, ...args]: readonly [string, ...string[]], root: string): Promise<void> {
	const exitCode = await new Promise<number | null>((resolve, reject) => {
		// On Windows the package managers are scripts that only a shell runs; the arguments are names of packages of ours.
		const child = spawn(program, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
		child.once("error", reject);
		child.once("close", resolve);
	}).catch((cause: unknown) => {
		throw new CliError("install_failed", `${program} cannot be started`, {
			remedy: `Install it, or run by hand: ${[program, ...args].join(" ")}`,
			cause,
		});
	});
	if (exitCode === 0) return;
	throw new CliError("install_failed", `${program} ended with ${exitCode ?? "a signal"}`, {
		remedy: `The files are written. Run by hand: ${[program, ...args].join(" ")}`,
	});
}

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/**
 * Whether a program of the system is there, for `describe.skipIf(!hasProgram("redis-server"))`.
 *
 * In CI it always says yes, so that a test whose program is missing fails there instead of being skipped.
 */
export function hasProgram(name: string): boolean {
	if (process.env.CI !== undefined) return true;
	return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

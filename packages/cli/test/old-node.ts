import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A Node.js of another version than the one that runs the tests. */
export interface OldNode {
	readonly program: string;
	remove(): void;
}

/** Installs a version of Node.js from npm's cache, or else from the package registry, into a folder of its own. */
export async function installNode(version: string): Promise<OldNode> {
	const folder = mkdtempSync(join(tmpdir(), "widget-token-node-"));
	const remove = (): void => rmSync(folder, { recursive: true, force: true });
	const name = `node-linux-${process.arch}`;
	const options = ["--prefix", folder, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
	try {
		// With the environment of this process: it says how the registry is reached.
		await promisify(execFile)("npm", ["install", ...options, `${name}@${version}`], { cwd: folder });
	} catch (error) {
		remove();
		throw error;
	}
	return { program: join(folder, "node_modules", name, "bin", "node"), remove };
}

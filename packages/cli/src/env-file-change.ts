import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { CliError } from "./cli-error.ts";
import { readEnvValue, setEnvValue } from "./env-file.ts";

/** An env file that can be changed without a byte of its other lines being touched. */
export interface EnvFileChange {
	/** The variable's present value; undefined when it has none. */
	read(name: string): string | undefined;
	/** Puts a value in place, in one step: no reader sees half a file. A new file is for its owner only. */
	write(name: string, value: string): void;
}

/** Opens an env file of the project in a folder; one that does not exist yet counts as empty. */
export function openEnvFile(path: string, folder: string): EnvFileChange {
	// Latin-1 maps each byte to one character and back, whatever encoding the file is in.
	const read = (): string => {
		try {
			return readFileSync(path, "latin1");
		} catch (cause) {
			if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
			throw new CliError("env_file_unreadable", "The env file cannot be read", {
				remedy: "Check its permissions, or name another one with --dotenv.",
				cause,
			});
		}
	};
	return {
		read: (name) => {
			const value = readEnvValue(read(), name);
			return value === undefined ? undefined : Buffer.from(value, "latin1").toString("utf8");
		},
		write: (name, value) => replaceFile(path, setEnvValue(read(), name, Buffer.from(value, "utf8").toString("latin1")), folder),
	};
}

/**
 * Replaces a file by a text of bytes as Latin-1 characters, in one step; a new file is for its owner only.
 *
 * Throws `env_file_outside` for a link that leads out of the project's folder: a checkout decides where its links lead.
 */
export function replaceFile(path: string, text: string, folder: string): void {
	refuseLinkOutside(path, folder);
	try {
		mkdirSync(dirname(path), { recursive: true });
		// A link stays a link: the file behind it is the one to replace.
		const { target, mode } = describeTarget(path);
		const draft = `${target}.${process.pid}.tmp`;
		try {
			writeFileSync(draft, text, { encoding: "latin1", mode, flag: "wx" });
			renameSync(draft, target);
		} finally {
			rmSync(draft, { force: true });
		}
	} catch (cause) {
		throw new CliError("env_file_unwritable", "The env file cannot be written", {
			remedy: "Check its permissions, or name another one with --dotenv.",
			cause,
		});
	}
}

function describeTarget(path: string): { readonly target: string; readonly mode: number } {
	try {
		const target = realpathSync(path);
		return { target, mode: statSync(target).mode & 0o777 };
	} catch {
		return { target: path, mode: 0o600 };
	}
}

function refuseLinkOutside(path: string, folder: string): void {
	const target = resolveLinks(path);
	if (!isInside(path, folder) || isInside(target, resolveLinks(folder))) return;
	throw new CliError("env_file_outside", "The env file is a link that leads out of the project", {
		remedy: `If the file there is meant, name it itself: --dotenv ${relative(folder, target)}`,
	});
}

function isInside(path: string, folder: string): boolean {
	const way = relative(folder, path);
	return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path without links; what does not exist yet keeps its name. */
function resolveLinks(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return dirname(path) === path ? path : join(resolveLinks(dirname(path)), basename(path));
	}
}

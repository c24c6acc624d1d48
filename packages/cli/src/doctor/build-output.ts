import { closeSync, type Dirent, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Contract } from "@widget-token/core";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { findKeyPlaces, type Project } from "./project.ts";
import { createNeedles, type Needle } from "./secret-needles.ts";

// What builds write, and what is served as it is.
const roots = [".next", "dist", "build", "public", "out", ".output", ".svelte-kit/output", ".vercel/output"];
// A cache of the build tool is neither served nor deployed.
const caches = /(?:^|\/)\.next\/(?:dev\/)?cache$|(?:^|\/)node_modules$/;
const serverSide =
	/^(?:\.next\/(?:server|standalone|dev\/server)|\.output\/server|\.svelte-kit\/output\/server|\.vercel\/output\/functions)\//;

/** How much is read at most: beyond that the search says that it is not complete. */
const most = { files: 50_000, bytes: 1_073_741_824, packedBytes: 33_554_432 };

interface Wanted extends Needle {
	readonly contract: Contract;
	readonly where: string;
}

/** Searches what builds have written for the keys' bytes, in the forms that a bundler may give them. */
export async function checkBuildOutput(project: Project, contracts: readonly Contract[]): Promise<readonly Diagnosis[]> {
	const wanted = contracts.flatMap((contract) =>
		findKeyPlaces(project, contract).flatMap(({ bare, where }) => createNeedles(bare).map((needle) => ({ ...needle, contract, where }))),
	);
	if (wanted.length === 0) return [];
	const found: Diagnosis[] = [];
	let bytes = 0;
	let files = 0;
	for (const path of listFiles(project.folder)) {
		if (++files > most.files || bytes > most.bytes) {
			found.push(
				doubtful("key-in-build", {
					where: "the build output",
					got: "more files than are searched",
					remedy: "Remove old build output, build again, and run the doctor again.",
				}),
			);
			break;
		}
		// Lets the progress be drawn.
		if (files % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
		const name = relative(project.folder, path).split(sep).join("/");
		const hits = searchFile(path, wanted);
		bytes += hits.bytes;
		found.push(...hits.wanted.map((hit) => describe(name, hit)));
	}
	return found.length > 0 ? found : [passed("key-in-build", `${files} files`)];
}

function describe(name: string, { contract, form }: Wanted): Diagnosis {
	const { env } = contract.key;
	const where = `${env} in ${name}`;
	if (serverSide.test(name)) {
		return doubtful("key-in-build", {
			where,
			got: `the key ${form}, in the part that stays on the server: whoever gets the build gets the key`,
			remedy: /\/\.env[^/]*$/.test(name)
				? "Keep env files out of what is deployed, and set the variable on the host."
				: `Read process.env.${env} when the request comes; take it out of the bundler's define or env.`,
		});
	}
	return failed("key-in-build", {
		where,
		got: `the key ${form}`,
		remedy: `Import it in no code that browsers load, take it out of the bundler's define or env, build again, and issue a new secret at ${contract.name}.`,
	});
}

function* listFiles(folder: string): Generator<string> {
	const pending = roots.map((root) => join(folder, root));
	for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
		if (caches.test(path.split(sep).join("/"))) continue;
		for (const entry of listEntries(path)) {
			// A link may lead anywhere, also in a circle.
			if (entry.isDirectory()) pending.push(join(path, entry.name));
			else if (entry.isFile()) yield join(path, entry.name);
		}
	}
}

function listEntries(path: string): readonly Dirent[] {
	try {
		return readdirSync(path, { withFileTypes: true });
	} catch {
		return [];
	}
}

interface Hits {
	readonly bytes: number;
	readonly wanted: readonly Wanted[];
}

const chunkBytes = 4_194_304;

/** At most one hit for each key: the form that is looked for first. */
function searchFile(path: string, wanted: readonly Wanted[]): Hits {
	const hits = new Map<string, Wanted>();
	const search = (chunk: Buffer): void => {
		for (const needle of wanted) if (!hits.has(needle.where) && chunk.includes(needle.bytes)) hits.set(needle.where, needle);
	};
	try {
		const { size } = statSync(path);
		const unpack = path.endsWith(".gz") ? gunzipSync : path.endsWith(".br") ? brotliDecompressSync : undefined;
		if (unpack !== undefined && size <= most.packedBytes) search(unpack(readFileSync(path), { maxOutputLength: most.packedBytes }));
		else readChunks(path, Math.max(...wanted.map(({ bytes }) => bytes.length)), search);
		return { bytes: size, wanted: [...hits.values()] };
	} catch {
		return { bytes: 0, wanted: [...hits.values()] };
	}
}

// Each chunk begins with the end of the one before, so that nothing is lost between two.
function readChunks(path: string, overlap: number, search: (chunk: Buffer) => void): void {
	const file = openSync(path, "r");
	try {
		const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, statSync(path).size) + overlap);
		let kept = 0;
		for (;;) {
			const read = readSync(file, buffer, kept, buffer.length - kept, null);
			if (read === 0) return;
			const filled = kept + read;
			search(buffer.subarray(0, filled));
			kept = Math.min(overlap, filled);
			buffer.copyWithin(0, filled - kept, filled);
		}
	} finally {
		closeSync(file);
	}
}

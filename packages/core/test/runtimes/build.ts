import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Contract } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { build as bundle } from "esbuild";
import { build } from "tsdown";
import config from "../../tsdown.config.ts";
import { contractOf, pairOf, pairs, pem } from "../rfc7518.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const core = `${root}packages/core/`;

/** The package as it is published, and the program beside it. */
export interface Build {
	readonly folder: string;
	/** The program with all that it imports, as a bundler for that runtime would make it. */
	bundleFor(conditions: readonly string[], source: string): Promise<string>;
	remove(): Promise<void>;
}

interface Signer {
	readonly contract: Contract;
	readonly privateKey: string;
}

/** Loads the program and its data, for a script that a runner writes. */
export const load = 'import { run } from "./program.js";\nimport data from "./data.json" with { type: "json" };\n';

/** Builds the core into a folder of its own, so that the tests see the code of today and no other build. */
export async function buildCore(): Promise<Build> {
	// Under node_modules, where jose is found as an app would find it.
	await mkdir(`${root}node_modules/.cache`, { recursive: true });
	const folder = await mkdtemp(`${root}node_modules/.cache/widget-token-`);
	const target = `${folder}/node_modules/@widget-token/core`;
	await build({ ...config, config: false, cwd: core, outDir: `${target}/dist`, dts: false, logLevel: "silent" });
	await cp(`${core}package.json`, `${target}/package.json`);
	const files = await Promise.all(
		[onPilot, bestChatBot, hilal, jupid, customGpt].map(async (contract) => ({
			...(JSON.parse(await readFile(`${root}packages/widgets/vectors/${contract.id}.json`, "utf8")) as object),
			contract,
		})),
	);
	const signers: Signer[] = pairs.map((algorithm) => ({ contract: contractOf(algorithm), privateKey: pem(pairOf(algorithm).privateKey) }));
	await writeFile(`${folder}/data.json`, JSON.stringify({ files, signers }));
	await cp(`${core}test/runtimes/program.ts`, `${folder}/program.ts`);
	await bundle({
		entryPoints: [`${folder}/program.ts`],
		outfile: `${folder}/program.js`,
		bundle: false,
		format: "esm",
		logLevel: "silent",
	});
	await writeFile(`${folder}/print.js`, `${load}console.log(JSON.stringify(await run(data)));\n`);
	return {
		folder,
		bundleFor: async (conditions, source) => {
			const { outputFiles } = await bundle({
				stdin: { contents: source, resolveDir: folder, loader: "js" },
				bundle: true,
				write: false,
				format: "esm",
				platform: "neutral",
				mainFields: ["module", "main"],
				conditions: [...conditions, "import"],
				logLevel: "silent",
			});
			return outputFiles[0]?.text ?? "";
		},
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

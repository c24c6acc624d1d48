import { readFile } from "node:fs/promises";

/** The files that the build has made for the browser. */
export type AssetName = "embed.js" | "frame.js" | "dashboard.js" | "shared.css" | "embed.css" | "page.css";

/** Reads an asset; it is kept. */
export type ReadAsset = (name: AssetName) => Promise<string>;

// The same place seen from `src` and from `dist`: what the tests serve is what is published.
const folder = new URL("../dist/browser/", import.meta.url);

/** Makes the reader of the assets. */
export function createAssets(): ReadAsset {
	const kept = new Map<AssetName, Promise<string>>();
	return (name) => {
		const known = kept.get(name) ?? read(name);
		kept.set(name, known);
		known.catch(() => kept.delete(name));
		return known;
	};
}

async function read(name: AssetName): Promise<string> {
	try {
		return await readFile(new URL(name, folder), "utf8");
	} catch (cause) {
		throw new Error(`The sandbox has not been built: ${name} is missing. Run npm run build.`, { cause });
	}
}

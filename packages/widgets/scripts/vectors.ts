import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { makeVectors, toAsciiJson, type VectorFile } from "./make-vectors.ts";
import { plans } from "./vector-cases.ts";

for (const plan of plans) {
	const file = new URL(`../vectors/${plan.contract.id}.json`, import.meta.url);
	const earlier = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as VectorFile) : undefined;
	const made = await makeVectors(plan, earlier?.key);
	await writeFile(file, toAsciiJson(made));
	console.log(`${plan.contract.id}: ${made.vectors.length} vectors`);
}

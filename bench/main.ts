import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchEndpoint } from "./endpoint.ts";
import type { Row } from "./measure.ts";
import { benchManyKeys, benchMint } from "./mint.ts";
import { benchRs256 } from "./rs256.ts";
import { benchRefusal, benchVerify } from "./verify.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });

const tables: readonly (readonly [title: string, unit: string, run: () => Promise<Row[]>])[] = [
	["HS256 mint, identity to token", "tokens/s", benchMint],
	["HS256 mint, many tenants", "tokens/s", benchManyKeys],
	["RS256 mint, identity to token", "tokens/s", benchRs256],
	["Endpoint on node:http, 32 connections", "requests/s", benchEndpoint],
	["HS256 verification", "tokens/s", benchVerify],
	["Refusal of what is as large as a token may be", "tokens/s", benchRefusal],
];

const figures: Record<string, Row[]> = {};
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores`);
for (const [title, unit, run] of tables) {
	const rows = await run();
	figures[title] = rows;
	console.log(`\n${title}`);
	const width = Math.max(...rows.map(({ name }) => name.length));
	for (const { name, perSecond, ratio } of rows) {
		console.log(`  ${name.padEnd(width)}  ${perSecond.toLocaleString("en").padStart(9)} ${unit}  ${ratio.toFixed(2).padStart(6)} ×`);
	}
}
if (values.json !== undefined)
	writeFileSync(values.json, `${JSON.stringify({ node: process.version, processor: cpus()[0]?.model, figures }, null, 2)}\n`);

#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Contract, defineContract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { createSandbox } from "./sandbox.ts";

const usage = `Usage: widget-token-sandbox [--port <number>] [--contract <file.json>]...

Plays the vendors of your widgets on 127.0.0.1.

  --port      Default: 4600.
  --contract  A contract of your own beside the five; may be given several times.
`;

try {
	const { values } = parseArgs({
		options: { port: { type: "string", default: "4600" }, contract: { type: "string", multiple: true, default: [] }, help: { type: "boolean", short: "h" } },
	});
	if (values.help) console.log(usage);
	else await run(Number(values.port), values.contract);
} catch (error) {
	const { code, message } = error as NodeJS.ErrnoException;
	console.error(code === "EADDRINUSE" ? "The port is taken: stop what listens there, or give another --port." : message);
	process.exitCode = 1;
}

async function run(port: number, files: readonly string[]): Promise<void> {
	const own = await Promise.all(files.map(readContract));
	const sandbox = createSandbox({ contracts: [...(Object.values(widgets) as Contract[]), ...own] });
	const { url } = await sandbox.listen({ port });
	console.log(`The sandbox listens on ${url} and plays the vendors of your widgets.\n\nPaste these lines into the environment of your app:\n\n${sandbox.environmentLines.join("\n")}\n`);
}

async function readContract(file: string): Promise<Contract> {
	return defineContract(JSON.parse(await readFile(file, "utf8")));
}

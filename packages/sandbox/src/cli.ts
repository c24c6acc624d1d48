#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Contract, defineContract } from "@widget-token/core";
import { createSandbox, documentedWidgets } from "./sandbox.ts";

const usage = `Usage: widget-token-sandbox [--port <number>] [--contract <file.json>]...

Plays the vendors of your widgets on 127.0.0.1. Keys and settings are taken from the environment
variables that the contracts name; what is not there is made up, and printed.

  --port      Default: 4600; 0 takes any that is free.
  --contract  A contract of your own beside the five; may be given several times.
`;

try {
	const { values } = parseArgs({
		options: {
			port: { type: "string", default: "4600" },
			contract: { type: "string", multiple: true, default: [] },
			help: { type: "boolean", short: "h" },
		},
	});
	if (values.help) console.log(usage);
	else await run(readPort(values.port), values.contract);
} catch (error) {
	const { code, message } = error as NodeJS.ErrnoException;
	console.error(code === "EADDRINUSE" ? "The port is taken: stop what listens there, or give another --port." : message);
	process.exitCode = 1;
}

async function run(port: number, files: readonly string[]): Promise<void> {
	const sandbox = createSandbox({ contracts: [...documentedWidgets, ...(await Promise.all(files.map(readContract)))] });
	const { url } = await sandbox.listen({ port });
	console.log(`The sandbox listens on ${url} and plays the vendors of your widgets.

Load their scripts from there, and paste these lines into the environment of your app:

${sandbox.environmentLines.join("\n")}
`);
}

function readPort(text: string): number {
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port takes a number from 0 to 65535, not ${text}`);
	return port;
}

async function readContract(file: string): Promise<Contract> {
	return defineContract(JSON.parse(await readFile(file, "utf8")));
}

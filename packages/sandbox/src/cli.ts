#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Contract, defineContract } from "@widget-token/core";
import { escapeLines } from "./invisible.ts";
import { readProjectEnv } from "./project-env.ts";
import { createSandbox, documentedWidgets, type Sandbox } from "./sandbox.ts";

const usage = `Usage: widget-token-sandbox [--port <number>] [--contract <file.json>]...

Plays the vendors of your widgets on 127.0.0.1. Keys and settings are those of the environment variables that the
contracts name, or of the env files in this folder; what is missing is made up, and printed.

  --port      Default: 4600; 0 takes any that is free.
  --contract  A contract of your own next to the five; may be given several times.
  --sign-trials-with-project-keys
              Let the trial pages sign with the project's own keys, which may be real. Any program on this machine
              can fetch a trial token. Default: they sign with throw-away keys.
`;

interface Options {
	readonly port: number;
	readonly contractFiles: readonly string[];
	readonly signTrialsWithProjectKeys: boolean;
}

try {
	const { values } = parseArgs({
		options: {
			port: { type: "string", default: "4600" },
			contract: { type: "string", multiple: true, default: [] },
			"sign-trials-with-project-keys": { type: "boolean", default: false },
			help: { type: "boolean", short: "h" },
		},
	});
	const signTrialsWithProjectKeys = values["sign-trials-with-project-keys"];
	if (values.help) console.log(usage);
	else await run({ port: readPort(values.port), contractFiles: values.contract, signTrialsWithProjectKeys });
} catch (error) {
	const { code, message } = error as NodeJS.ErrnoException;
	console.error(code === "EADDRINUSE" ? "The port is taken: stop what listens there, or pass another --port." : escapeLines(message));
	process.exitCode = 1;
}

async function run({ port, contractFiles, signTrialsWithProjectKeys }: Options): Promise<void> {
	const sandbox = createSandbox({
		contracts: [...documentedWidgets, ...(await Promise.all(contractFiles.map(readContract)))],
		env: readProjectEnv(process.cwd(), process.env).values,
		signTrialsWithProjectKeys,
	});
	const { url } = await sandbox.listen({ port });
	console.log(
		escapeLines(`The sandbox listens on ${url} and plays the vendors of your widgets.

Load their scripts from there: in the vendor's script tag, or as the \`src\` of mountWidget or <Widget>.
\`npx widget-token sandbox\` names the variable that your page reads.

${describeAddresses(sandbox, url)}

Paste these lines into the environment of your app:

${sandbox.environmentLines.join("\n")}
`),
	);
}

function describeAddresses({ pageAddresses }: Sandbox, url: string): string {
	const rows = pageAddresses.map(({ widget, embeds, name, path }) => {
		const others = embeds.includes("default") ? "" : `  (${embeds.join(", ")})`;
		return [widget, `${name === "tag" ? "src" : name}="${url}${path}"${others}`] as const;
	});
	const width = Math.max(...rows.map(([widget]) => widget.length));
	return rows.map(([widget, address]) => `  ${widget.padEnd(width)}  ${address}`).join("\n");
}

function readPort(text: string): number {
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new RangeError(`--port takes a number from 0 to 65535, not ${text}`);
	return port;
}

// Neither a path nor a file's text is repeated: either may be a secret in the wrong place.
async function readContract(file: string): Promise<Contract> {
	const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
		throw new Error(cause.code === "ENOENT" ? "--contract: there is no such file" : `--contract cannot be read (${cause.code})`, { cause });
	});
	try {
		return defineContract(JSON.parse(text));
	} catch (cause) {
		throw cause instanceof SyntaxError ? new Error("--contract is not a JSON file", { cause }) : cause;
	}
}

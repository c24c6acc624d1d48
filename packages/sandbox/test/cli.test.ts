import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hilal } from "@widget-token/widgets";
import { afterEach, expect, test } from "vitest";

// The command as it is published: what `npm run sandbox` and `npx @widget-token/sandbox` start.
const command = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const started: ChildProcess[] = [];

afterEach(() => {
	for (const child of started.splice(0)) child.kill();
});

/** Starts the command; its output up to what `until` matches, or all of it and the exit code. */
function start(
	args: readonly string[],
	until: RegExp,
	env: NodeJS.ProcessEnv = {},
): Promise<{ readonly output: string; readonly code: number | null | undefined }> {
	const child = spawn(process.execPath, [command, ...args], { env: { PATH: process.env.PATH, ...env } });
	started.push(child);
	let output = "";
	return new Promise((resolve) => {
		const read = (chunk: Buffer): void => {
			output += chunk;
			if (until.test(output)) resolve({ output, code: undefined });
		};
		child.stdout.on("data", read);
		child.stderr.on("data", read);
		child.on("close", (code) => resolve({ output, code }));
	});
}

const complete = /JUPID_EMBED_AUDIENCE[\s\S]*CUSTOMGPT_ROLE_CLAIM=.*\n/;

test("prints the address and the environment lines, and listens there", async () => {
	const { output } = await start(["--port", "0"], complete);
	const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
	expect(output).toMatch(/^HILAL_WIDGET_HMAC_SECRET=[0-9a-f]{64}$/m);
	expect(await (await fetch(`${url}/hilal/chat_v3.js`)).text()).toContain("HilalChat");
});

test("never prints a key that the environment gave it", async () => {
	const key = "0123456789abcdef".repeat(4);
	const { output } = await start(["--port", "0"], complete, { HILAL_WIDGET_HMAC_SECRET: key });
	expect(output).not.toContain(key);
});

test("plays a contract of one's own beside the five", async () => {
	const file = join(tmpdir(), `own-${process.pid}.json`);
	await writeFile(file, JSON.stringify({ ...hilal, id: "own-chat", name: "Own Chat", key: { env: "OWN_CHAT_SECRET", encoding: "utf8" } }));
	const { output } = await start(["--port", "0", "--contract", file], /OWN_CHAT_SECRET=.*\n/);
	const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
	expect(await (await fetch(`${url}/own-chat/chat_v3.js`)).text()).toContain("Own Chat");
});

test.each([
	[["--port", "everything"], "--port takes a number"],
	[["--contract", "/no/such/file.json"], "no such file"],
	[["--nonsense"], "--nonsense"],
])("%j ends with a sentence and a code", async (args, message) => {
	const { output, code } = await start(args, /^\b$/);
	expect(output).toContain(message);
	expect(output).not.toContain("    at ");
	expect(code).toBe(1);
});

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMint } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { hilal } from "@widget-token/widgets";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";

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
	cwd: string = tmpdir(),
): Promise<{ readonly output: string; readonly code: number | null | undefined }> {
	const child = spawn(process.execPath, [command, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
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

test("prints the address of each script, and serves it there", async () => {
	const { output } = await start(["--port", "0"], complete);
	const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
	expect(output).toContain(`bestchatbot  src="${url}/bestchatbot/widget/v1/chat.js"`);
	expect(output).toContain(`jupid        scriptUrl="${url}/jupid/embed.js"`);
	expect(output).toContain(`jupid        appUrl="${url}/jupid"`);
	expect(output).toMatch(/customgpt +src="\S+\/customgpt\/js\/chat\.js" {2}\(liveChat,/);
	for (const [, address = ""] of output.matchAll(/="(http[^"]+)"/g))
		expect((await fetch(`${address}${address.endsWith(".js") ? "" : "/"}`)).status).toBe(200);
});

describe("in a folder with env files", () => {
	const key = "0123456789abcdef".repeat(4);
	const folder = async (files: Readonly<Record<string, string>>): Promise<string> => {
		const path = await mkdtemp(join(tmpdir(), "sandbox-"));
		onTestFinished(() => rm(path, { recursive: true }));
		for (const [name, text] of Object.entries(files)) {
			await mkdir(dirname(join(path, name)), { recursive: true });
			await writeFile(join(path, name), text);
		}
		return path;
	};

	test.each([".env.development.local", ".env.local", ".dev.vars", "supabase/functions/.env", ".env.development", ".env"])(
		"verifies with the key in %s, and does not print it",
		async (file) => {
			const cwd = await folder({ [file]: `HILAL_WIDGET_HMAC_SECRET="${key}" # the vendor's\n` });
			const { output } = await start(["--port", "0"], complete, {}, cwd);
			expect(output).not.toContain(key);
			const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
			const { token } = await createMint(hilal, { secret: key })({
				id: "user_1",
				provider: "test",
				name: "Ada",
				email: "ada@example.com",
				emailVerified: true,
			});
			const answer = await fetch(`${url}/api/widget/verify-jwt?widget=hilal`, { method: "POST", body: JSON.stringify({ token }) });
			expect(await answer.json()).toMatchObject({ verified: true });
		},
	);

	test("signs trial tokens with that key only when told so", async () => {
		const cwd = await folder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${key}\n` });
		const verify = createVerify(hilal, { secret: key });
		for (const [args, verified] of [
			[[], false],
			[["--sign-trials-with-project-keys"], true],
		] as const) {
			const { output } = await start(["--port", "0", ...args], complete, {}, cwd);
			const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
			const page = await (await fetch(`${url}/widgets/hilal/try`)).text();
			const [, value = ""] = /"sandbox-page": "([\w-]+)"/.exec(page) ?? [];
			const answer = await fetch(`${url}/widgets/hilal/token`, { headers: { "sandbox-page": value } });
			expect(await verify(((await answer.json()) as { token: string }).token)).toMatchObject({ verified });
		}
	});

	test("writes what could move the cursor or turn the text as escapes", async () => {
		const contract = {
			...hilal,
			id: "own-chat",
			name: "Own\u001b[2J\u009b\u202eChat\u2066",
			key: { env: "OWN_CHAT_SECRET", encoding: "utf8" },
		};
		const cwd = await folder({
			"own.json": JSON.stringify(contract),
			".env": "ONPILOT_TENANT_ID=a\u001b]0;b\u0007c\u202ed\n",
		});
		const { output } = await start(["--port", "0", "--contract", "own.json"], /OWN_CHAT_SECRET=.*\n/, {}, cwd);
		expect(output).toContain("# Own\\u{1b}[2J\\u{9b}\\u{202e}Chat\\u{2066}");
		expect(output).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
	});
});

test.each([
	["a path", (secret: string) => secret, "no such file"],
	["the text of a file", (_: string, file: string) => file, "not a JSON file"],
])("repeats nothing of %s that is no contract", async (_, argument, message) => {
	const secret = "5f0c9a1e7b3d24866ac1f2e8d90b4753";
	const file = join(tmpdir(), `secret-${process.pid}.txt`);
	await writeFile(file, secret);
	const { output, code } = await start(["--contract", argument(secret, file)], /^\b$/);
	expect(output).toContain(message);
	expect(output).not.toContain(secret.slice(0, 8));
	expect(code).toBe(1);
});

test("plays a contract of one's own next to the five", async () => {
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

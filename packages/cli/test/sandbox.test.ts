import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

// The built package: the sandbox's pages are JSX, which Node runs only after its build.
const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

interface Running {
	readonly child: ChildProcessByStdio<null, Readable, Readable>;
	/** All that has been written so far. */
	readonly output: () => string;
	/** Resolves when the pattern has been written. */
	readonly written: (pattern: RegExp) => Promise<void>;
	readonly exitCode: Promise<number | null>;
}

function start(args: readonly string[], cwd: string): Running {
	const child = spawn(process.execPath, [program, "sandbox", ...args], {
		cwd,
		env: { PATH: process.env.PATH },
		stdio: ["ignore", "pipe", "pipe"],
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	let output = "";
	const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
	const written = (pattern: RegExp): Promise<void> =>
		new Promise((resolve, reject) => {
			const check = (): void => {
				if (pattern.test(output)) resolve();
			};
			child.stdout.on("data", check);
			child.once("close", () => reject(new Error(`It has ended: ${output}`)));
			check();
		});
	return { child, output: () => output, written, exitCode };
}

test("verifies what the project's own key has signed, shows no key, and stops at Ctrl-C", async () => {
	const cwd = createFolder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n` });
	const { child, output, written, exitCode } = start(["--port", "0", "--json"], cwd);
	await written(/\n\}\n$/);
	const { url, port, widgets } = JSON.parse(output()) as { url: string; port: number; widgets: { id: string; keyFrom: string | null }[] };
	expect(url).toBe(`http://127.0.0.1:${port}`);
	expect(widgets.find(({ id }) => id === "hilal")?.keyFrom).toBe("HILAL_WIDGET_HMAC_SECRET in .env");
	expect(widgets.find(({ id }) => id === "jupid")?.keyFrom).toBeNull();

	const token = (await runCli(["mint", "hilal", "--id", "u_1", "--name", "Ada"], { cwd })).stdout.trim();
	const answer = await fetch(`${url}/api/widget/verify-jwt?widget=hilal`, {
		method: "POST",
		body: JSON.stringify({ token }),
		headers: { "content-type": "application/json" },
	});
	expect(await answer.json()).toMatchObject({ verified: true, claims: { sub: "u_1", name: "Ada" } });
	expect((await fetch(url)).status).toBe(200);

	child.kill("SIGINT");
	expect(await exitCode).toBe(0);
	expect(output()).not.toMatch(/[0-9a-f]{64}|PRIVATE KEY/);
});

test("tells which settings the app needs, and warns of a key that is none", async () => {
	const cwd = createFolder({ ".env": `ONPILOT_EMBED_SECRET=${hilalSecret}\nHILAL_WIDGET_HMAC_SECRET=<your-secret>\n` });
	const { child, output, written, exitCode } = start(["onpilot", "hilal", "--port", "0"], cwd);
	await written(/Ctrl-C stops it/);
	child.kill("SIGTERM");
	expect(await exitCode).toBe(0);
	expect(output()).toMatch(/^ {2}ONPILOT_TENANT_ID=\S+$/m);
	expect(output()).toMatch(/warning HILAL_WIDGET_HMAC_SECRET cannot be used \(.*placeholder\)/);
	expect(output()).toMatch(/hilal +made up/);
	expect(output()).not.toMatch(/jupid|[0-9a-f]{64}/);
});

test("says so when the port is taken", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => void server.close());
	const { output, exitCode } = start(["--port", String((server.address() as AddressInfo).port)], createFolder());
	expect(await exitCode).toBe(3);
	expect(output()).toContain("port_taken");
});

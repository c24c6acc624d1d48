import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createVerify } from "@widget-token/core/verify";
import { hilal } from "@widget-token/widgets";
import { describe, expect, onTestFinished, test } from "vitest";
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

test("tells which settings the app needs, and warns of a placeholder in place of a key", async () => {
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

/** What the command prints for a folder, with the port that it has taken. */
async function announce(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
	const { child, output, written, exitCode } = start(["--port", "0", ...args], createFolder(files));
	await written(args.includes("--json") ? /\n\}\n$/ : /Ctrl-C stops it/);
	child.kill("SIGTERM");
	await exitCode;
	return { output: output(), origin: /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0] ?? "" };
}

const next = { "package.json": '{"dependencies":{"next":"16.4.5","react":"19.3.1"}}', "app/layout.tsx": "" };
const vite = { "package.json": '{"dependencies":{"vite":"8.0.0"}}', "index.html": "" };

describe("says what makes the page load its script", () => {
	test("the line of the env file, for a variable that a source of Next.js reads", async () => {
		const page = "<Widget contract={hilal} src={process.env.NEXT_PUBLIC_HILAL_SCRIPT_URL || undefined} />";
		const { output, origin } = await announce({ ...next, "components/hilal-widget.tsx": page }, "hilal", "bestchatbot");
		expect(output).toContain(`in .env.local:\n  NEXT_PUBLIC_HILAL_SCRIPT_URL=${origin}/hilal/chat_v3.js\n`);
		expect(output).toContain(`in <Widget>:\n  bestchatbot  src="${origin}/bestchatbot/widget/v1/chat.js"\n`);
	});

	test("the address of the embed that the page shows, with Vite", async () => {
		const page = 'mountWidget(customGpt, { embed: "liveChat", src: import.meta.env.VITE_CUSTOMGPT_SCRIPT_URL || undefined });';
		const { output, origin } = await announce({ ...vite, "src/widget.ts": page }, "customgpt");
		expect(output).toContain(`in .env:\n  VITE_CUSTOMGPT_SCRIPT_URL=${origin}/customgpt/js/chat.js\n`);
		expect(output).not.toContain("/js/embed.js");
	});

	test("the settings that hold an address, as the page's framework writes them", async () => {
		const { output, origin } = await announce(next, "jupid");
		expect(output).toContain(`settings={{ scriptUrl: "${origin}/jupid/embed.js", appUrl: "${origin}/jupid" }}`);
		const plain = await announce(vite, "jupid");
		expect(plain.output).toContain(`settings: { scriptUrl: "${plain.origin}/jupid/embed.js"`);
	});

	test("the script tag where there is no bundler, and where there is no app", async () => {
		for (const files of [{ "package.json": '{"dependencies":{"express":"5.3.0"}}' }, {}] as const) {
			const { output, origin } = await announce(files, "onpilot");
			expect(output).toContain(`onpilot  <script src="${origin}/onpilot/embed.js"></script>`);
		}
	});

	test("and as JSON, with what the page loads already", async () => {
		const port = await findFreePort();
		const page = "process.env.NEXT_PUBLIC_HILAL_SCRIPT_URL";
		const env = `NEXT_PUBLIC_HILAL_SCRIPT_URL=http://localhost:${port}/hilal/chat_v3.js\n`;
		const files = { ...next, "app/page.tsx": page, ".env.local": env };
		const { output } = await announce(files, "hilal", "--port", String(port), "--json");
		const url = `http://127.0.0.1:${port}/hilal/chat_v3.js`;
		expect((JSON.parse(output) as { widgets: readonly { page: unknown }[] }).widgets[0]?.page).toEqual([
			{ embeds: expect.arrayContaining(["default"]), name: "src", url, variable: "NEXT_PUBLIC_HILAL_SCRIPT_URL", isSet: true },
		]);
		expect((await announce(files, "hilal", "--port", String(port))).output).toContain(
			"loads from here already: NEXT_PUBLIC_HILAL_SCRIPT_URL.",
		);
	});
});

test.each([
	[[], false],
	[["--sign-trials-with-project-keys"], true],
] as const)("with %j its trial pages sign with the project's key: %j", async (args, expected) => {
	const { written, output } = start(
		["hilal", "--port", "0", "--json", ...args],
		createFolder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n` }),
	);
	await written(/\n\}\n$/);
	const { url } = JSON.parse(output()) as { url: string };
	const [, value = ""] = /"sandbox-page": "([\w-]+)"/.exec(await (await fetch(`${url}/widgets/hilal/try`)).text()) ?? [];
	const answer = await fetch(`${url}/widgets/hilal/token`, { headers: { "sandbox-page": value } });
	const { token } = (await answer.json()) as { token: string };
	const verdict = await createVerify(hilal, { secret: hilalSecret })(token);
	expect(verdict.verified).toBe(expected);
});

function findFreePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}

test("says so when the port is taken", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => void server.close());
	const { output, exitCode } = start(["--port", String((server.address() as AddressInfo).port)], createFolder());
	expect(await exitCode).toBe(3);
	expect(output()).toContain("port_taken");
});

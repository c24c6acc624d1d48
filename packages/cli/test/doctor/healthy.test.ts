import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createMint, createTokenHandler, defineContract } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { type FirebaseEmulator, startFirebaseEmulator } from "@widget-token/test-kit/backends/firebase";
import { createWidgetKeys, fiveWidgets } from "@widget-token/test-kit/widget-keys";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hilalSecret } from "../run-cli.ts";
import { useDoctor } from "./run-doctor.ts";
import { hashContract, healthy, identify, sessionOf, whileListening, whileServing } from "./serving.ts";

const chatSecret = "c2a9f1e07b3d4c5e8f60718293a4b5c6d7e8f9010a1b2c3d4e5f60718293a4b5";
const users = ["--as", "ada.txt", "--as", "grace.txt"];
const credentials = { "ada.txt": `Cookie: session=${sessionOf.ada}`, "grace.txt": sessionOf.grace };
const { env } = createWidgetKeys();
const envFile = Object.entries(env)
	.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
	.join("");

describe.concurrent("doctor finds nothing wrong", () => {
	const { createFolder, runDoctor } = useDoctor();

	test("with core's handler on node:http, one user with a cookie and one with a bearer token", async () => {
		const cwd = createFolder({ ...credentials, ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`, "package.json": "{}" });
		const run = await whileServing(healthy, (origin) => runDoctor(["--url", `${origin}/token`, ...users], { cwd }));
		expect(run.found).toEqual([]);
		expect(run.report.notChecked).toEqual([]);
		expect(run.report.widgets).toEqual(["hilal"]);
		expect(run.exitCode).toBe(0);
	});

	test.each(fiveWidgets)("with Express, where one route serves five widgets, for $name", async ({ id }) => {
		const cwd = createFolder({ ...credentials, ".env": envFile });
		const widgets = fiveWidgets.map((contract) =>
			createMint(contract, { env, ...(/"from":"role"/.test(JSON.stringify(contract)) ? { role: () => "user" } : {}) }),
		);
		const app = express().disable("x-powered-by").use(express.json());
		app.all("/api/widget-token", toNodeHandler(createTokenHandler({ widgets, identify })));
		const run = await whileListening(app, (origin) => runDoctor([id, "--url", `${origin}/api/widget-token`, ...users], { cwd }));
		// CustomGPT's roles tell nobody apart; the e-mail address does.
		expect(run.found).toEqual([]);
		expect(run.report.findings.some(({ check, level }) => check === "token-verifies" && level === "ok")).toBe(true);
	});

	test("with a contract of one's own that wants a hash", async () => {
		const cwd = createFolder({ ...credentials, ".env": `CHAT_SECRET=${chatSecret}\n`, "chat.json": JSON.stringify(hashContract) });
		const app = createTokenHandler({ widget: defineContract(hashContract), secret: chatSecret, identify });
		const run = await whileServing(app, (origin) => runDoctor(["--contract", "chat.json", "--url", origin, ...users], { cwd }));
		expect(run.found).toEqual([]);
		expect(run.report.findings.map(({ check }) => check)).toEqual(expect.arrayContaining(["token-verifies", "two-subjects", "cross-talk"]));
	});

	test("in a Next.js project with Clerk, built, with its key where it belongs", async () => {
		const matcher = `[
			// Skip Next.js internals and all static files, unless they're in the query
			'/((?!_next|[^?]*\\\\.(?:html?|css|js(?!on)|jpe?g|webp|png|gif|svg|ttf|woff2?|ico|csv|docx?|xlsx?|zip|webmanifest)).*)',
			"/(api|trpc)(.*)", // always for API routes
			{ source: "/chat/:path*", missing: [{ type: "header", key: "next-router-prefetch" }] },
		]`;
		const cwd = createFolder({
			"package.json": JSON.stringify({
				dependencies: { next: "^16.0.0", "@clerk/nextjs": "^7.0.0", "@widget-token/clerk": "1.0.0", "@widget-token/widgets": "1.0.0" },
			}),
			"node_modules/next/package.json": '{"version":"16.4.5"}',
			"node_modules/@clerk/nextjs/package.json": '{"version":"7.9.7-canary.2"}',
			"node_modules/@widget-token/clerk/package.json": JSON.stringify({
				version: "1.0.0",
				peerDependencies: { "@clerk/nextjs": "^7.0.0", "@clerk/backend": "^3.0.0", next: "^15.2.8 || >=16.0.10" },
				peerDependenciesMeta: { "@clerk/backend": { optional: true } },
			}),
			"src/proxy.ts": `import { clerkMiddleware } from "@clerk/nextjs/server";\nexport default clerkMiddleware();\nexport const config = { matcher: ${matcher} };\n`,
			"src/app/(chat)/api/widget-token/route.ts":
				'import { withClerkWidgetToken } from "@widget-token/clerk";\nimport { hilal } from "@widget-token/widgets";\nexport const GET = withClerkWidgetToken({ widget: hilal, lifetimeSeconds: 15 * 60 });\n',
			".env.local": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`,
			".env.example": "HILAL_WIDGET_HMAC_SECRET=\nNEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=\n",
			".env.production": "NEXT_PUBLIC_API=https://example.com\n",
			".next/server/app/api/route.js": "process.env.HILAL_WIDGET_HMAC_SECRET",
			".next/static/chunks/app.js": "fetch('/api/widget-token')",
		});
		const run = await runDoctor([], { cwd });
		expect(run.found).toEqual([]);
		expect(run.report.findings.map(({ check }) => check)).toEqual(
			expect.arrayContaining(["middleware", "provider-sdk", "lifetime-in-code", "key-in-build"]),
		);
	});

	test.each([
		[
			"a variable that is set",
			'authorizedParties: process.env.APP_ORIGINS?.split(","),',
			{ ".env.local": "APP_ORIGINS=https://shop.test\n" },
		],
		["origins of its own", 'authorizedParties: ["https://shop.test", "http://localhost:3000"],', {}],
		["a variable of the host", 'authorizedParties: ["https://" + process.env.VERCEL_URL],', {}],
		[
			"a fallback that production does not need",
			'authorizedParties: [process.env.ORIGIN ?? "http://localhost:3000"],',
			{ ".env.production": "ORIGIN=https://shop.test\n" },
		],
		["nothing but a comment of them", "// authorizedParties: [process.env.NOT_SET],", {}],
	])("with Clerk's authorised parties from %s", async (_, option, files: Readonly<Record<string, string>>) => {
		const cwd = createFolder({
			"package.json": '{"dependencies":{"next":"16.4.5"}}',
			"proxy.ts": `import { clerkMiddleware } from "@clerk/nextjs/server";\nexport default clerkMiddleware({\n\t${option}\n});\n`,
			...files,
		});
		const run = await runDoctor(["hilal"], { cwd, env: { HILAL_WIDGET_HMAC_SECRET: hilalSecret } });
		expect(run.found).toEqual([]);
	});

	test("where code passes the key itself, from a secret store", async () => {
		const cwd = createFolder({
			"package.json": '{"dependencies":{"@widget-token/core":"1","@widget-token/widgets":"1"}}',
			"token.ts":
				'import { createTokenHandler } from "@widget-token/core";\nimport { onPilot } from "@widget-token/widgets";\nexport const h = createTokenHandler({ widget: onPilot, secret: () => fetchSecret(), settings: tenant, identify });\n',
		});
		expect((await runDoctor([], { cwd })).found).toEqual([]);
	});
});

const keyFile = `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`;
const handler = (options: string, imports = ""): string =>
	`${imports}import { createTokenHandler } from "@widget-token/core";\nimport { hilal } from "@widget-token/widgets";\nexport const handler = createTokenHandler({ widget: hilal, ${options}identify });\n`;

describe.concurrent("doctor takes an env file for loaded", () => {
	const { createFolder, runDoctor } = useDoctor();

	test.each<[string, Readonly<Record<string, string>>]>([
		["by Next.js", { "package.json": '{"dependencies":{"next":"16.4.5"}}' }],
		["by Nuxt", { "package.json": '{"dependencies":{"nuxt":"4.5.2"}}' }],
		["by Wrangler", { "package.json": "{}", "wrangler.toml": "" }],
		["by a script with --env-file", { "package.json": '{"dependencies":{"express":"5"},"scripts":{"dev":"node --env-file=.env app.js"}}' }],
		["by dotenv", { "package.json": '{"dependencies":{"express":"5","dotenv":"17"}}' }],
		["by process.loadEnvFile", { "package.json": '{"dependencies":{"express":"5"}}', "server.js": "process.loadEnvFile();\n" }],
		["by Bun", { "package.json": '{"dependencies":{"hono":"4"}}', "bun.lock": "" }],
		["by Docker Compose", { "package.json": '{"dependencies":{"express":"5"}}', "compose.yaml": "services: { app: { env_file: .env } }" }],
		[
			"in SvelteKit where code passes env",
			{
				"package.json": '{"dependencies":{"@sveltejs/kit":"3","@widget-token/core":"1","@widget-token/widgets":"1"}}',
				"src/routes/token/+server.ts": handler("env, ", 'import { env } from "$env/dynamic/private";\n'),
			},
		],
		[
			"in Astro where code passes the secret",
			{
				"package.json": '{"dependencies":{"astro":"7","@widget-token/core":"1","@widget-token/widgets":"1"}}',
				"src/pages/token.ts": handler("secret: import.meta.env.HILAL_WIDGET_HMAC_SECRET, "),
			},
		],
	])("%s", async (_, files) => {
		const run = await runDoctor([], { cwd: createFolder({ ".env": keyFile, ...files }) });
		expect(run.found).toEqual([]);
		expect(run.report.findings.map(({ check }) => check)).toContain("key-present");
	});

	test("by the running app that serves a user", async () => {
		const cwd = createFolder({ ...credentials, ".env": keyFile, "package.json": '{"dependencies":{"express":"5"}}' });
		expect((await runDoctor([], { cwd })).found).toEqual(["warning key-present"]);
		expect((await whileServing(healthy, (origin) => runDoctor(["--url", origin, ...users], { cwd }))).found).toEqual([]);
	});

	test("not where code imports env and does not pass it, nor where it passes process.env", async () => {
		for (const options of ["", "env: process.env, ", "secret: process.env.HILAL_WIDGET_HMAC_SECRET, "]) {
			const cwd = createFolder({
				".env": keyFile,
				"package.json": '{"dependencies":{"@sveltejs/kit":"3","@widget-token/core":"1","@widget-token/widgets":"1"}}',
				"src/hooks.ts": handler(options, 'import { env } from "$env/dynamic/private";\n'),
			});
			expect((await runDoctor([], { cwd })).found).toEqual(["warning key-present"]);
		}
	});
});

describe("doctor finds nothing wrong with the example app of Express and Firebase", () => {
	const { createFolder, runDoctor } = useDoctor();
	let emulator: FirebaseEmulator;
	let server: ChildProcess;
	let address = "";
	beforeAll(async () => {
		emulator = await startFirebaseEmulator();
		const script = fileURLToPath(new URL("../../../../apps/express-firebase/src/server.ts", import.meta.url));
		server = spawn(process.execPath, ["--conditions=@widget-token/source", script], {
			env: { ...env, PORT: "0", GOOGLE_CLOUD_PROJECT: emulator.projectId, FIREBASE_AUTH_EMULATOR_HOST: emulator.host },
			stdio: ["ignore", "pipe", "inherit"],
		});
		if (server.stdout === null) throw new Error("The app has no output");
		[address] = (await once(createInterface(server.stdout), "line")) as [string];
	});
	afterAll(async () => {
		server.kill();
		await emulator.close();
	});

	test("for its users' ID tokens", async () => {
		const signUp = async (name: string): Promise<string> => {
			const session = await emulator.signUp({ email: `${name.toLowerCase()}@example.com`, password: "correct horse", displayName: name });
			return (await emulator.verifyEmail(session)).idToken;
		};
		const tokens = { ADA: await signUp("Ada"), GRACE: await signUp("Grace") };
		const run = await runDoctor(["bestchatbot", "--url", `${address}/api/widget-token`, "--as-env", "ADA", "--as-env", "GRACE"], {
			cwd: createFolder({ ".env": envFile }),
			env: tokens,
		});
		expect(run.found).toEqual([]);
		expect(run.exitCode).toBe(0);
		for (const token of Object.values(tokens)) expect(run.all).not.toContain(token.slice(0, 40));
	});
});

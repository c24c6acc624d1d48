import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, followSteps, type InitProject, serve, strictConfig } from "./init-project.ts";

const keys = createWidgetKeys();
let supabase: SupabaseStandIn;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
	supabase = await startSupabaseStandIn();
	env = {
		...keys.env,
		SUPABASE_URL: supabase.url,
		SUPABASE_PUBLISHABLE_KEY: supabase.keys.publishable,
		GOOGLE_CLOUD_PROJECT: "demo-shop",
		CLERK_SECRET_KEY: "sk_test_0123456789",
		CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("clerk.localhost.test$").toString("base64")}`,
		NODE_ENV: "production",
	};
});
afterAll(() => supabase.close());

const nodeTypes = strictConfig({ module: "NodeNext", moduleResolution: "NodeNext", noUnusedLocals: true, noUnusedParameters: true }, [
	"src",
]);

const servers = {
	express: `import express from "express";
import { auth } from "express-openid-connect";

const app = express();
app.use("/api/auth0", auth({ authRequired: false, issuerBaseURL: "https://tenant.example.com", baseURL: "http://127.0.0.1:3000", clientID: "id", secret: "the-cookie-secret-of-the-app-under-test" }));
// routes
const server = app.listen(0, "127.0.0.1", () => {
	const address = server.address();
	console.log(\`http://127.0.0.1:\${typeof address === "object" && address !== null ? address.port : ""}\`);
});
`,
	hono: `import { serve } from "@hono/node-server";
import { Hono } from "hono";

const app = new Hono();
// routes
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log(\`http://127.0.0.1:\${port}\`));
`,
};

async function ask(
	address: string,
	headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
	const response = await fetch(address, { headers: { accept: "application/json", ...headers } });
	expect(response.headers.get("cache-control")).toContain("no-store");
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function signIn(): Promise<Readonly<Record<string, string>>> {
	const ada = supabase.createUser({
		email: "ada@example.com",
		email_confirmed_at: "2026-01-01T00:00:00Z",
		app_metadata: { role: "staff" },
	});
	return { authorization: `Bearer ${(await supabase.signIn(ada)).access_token}` };
}

/** One endpoint for each provider, in one app. */
async function setUp(project: InitProject, entry: string, endpoints: Readonly<Record<string, string>>): Promise<void> {
	for (const [provider, widget] of Object.entries(endpoints)) {
		const answer = await project.init("--provider", provider, "--widget", widget, "--route", `/api/${provider}`);
		expect(answer.files.map(({ written }) => written)).not.toContain(false);
		followSteps(project, entry, answer);
	}
}

async function expectSettled(project: InitProject, entry: string, endpoints: Readonly<Record<string, string>>): Promise<void> {
	for (const [provider, widget] of Object.entries(endpoints)) {
		const { files, steps } = await project.init("--provider", provider, "--widget", widget, "--route", `/api/${provider}`);
		expect(files.map(({ state }) => state)).toEqual(["same"]);
		expect(steps.filter(({ file }) => file === entry)).toEqual([expect.objectContaining({ done: true })]);
	}
}

describe("Express", () => {
	const endpoints = { clerk: "bestchatbot", firebase: "hilal", supabase: "customgpt", auth0: "jupid", custom: "onpilot" };

	test("every provider's endpoint compiles, answers, and is not written twice", async () => {
		const project = createProject({
			"package.json": { name: "shop", type: "module", dependencies: { express: "^5.0.0" }, devDependencies: { typescript: "^6" } },
			"tsconfig.json": nodeTypes,
			"src/server.ts": servers.express,
		});
		await setUp(project, "src/server.ts", endpoints);
		expect(await project.typecheck()).toBe("");
		await expectSettled(project, "src/server.ts", endpoints);

		const server = await serve(project, "src/server.ts", env);
		try {
			for (const provider of ["clerk", "firebase", "supabase", "auth0"])
				expect(await ask(`${server.address}/api/${provider}`)).toEqual({ status: 200, body: { token: null } });
			// What is not written yet gives nobody a token, and says why.
			expect(await ask(`${server.address}/api/custom`)).toMatchObject({ status: 500, body: { code: "provider_misconfigured" } });
			expect(await ask(`${server.address}/api/supabase`, await signIn())).toMatchObject({ status: 403, body: { code: "role_missing" } });
			expect(await ask(`${server.address}/api/clerk`, { authorization: "Bearer forged" })).toMatchObject({ status: 401 });
			expect(await ask(`${server.address}/api/firebase`, { authorization: "Bearer forged" })).toMatchObject({
				status: 401,
				body: { code: "credential_invalid" },
			});
		} finally {
			await server.close();
		}
	});

	test("in JavaScript without ES modules", async () => {
		const project = createProject({
			"package.json": { name: "shop", dependencies: { express: "^5.0.0", "@supabase/supabase-js": "^2" } },
			"server.js": servers.express
				.replace(/^import (.*?) from (.*);$/gm, "const $1 = require($2);")
				.replace(/\nconst server/, "\nconst server")
				.replace(/^app\.use.*$/m, "")
				.replace(/^const \{ auth \}.*$/m, ""),
		});
		const answer = await project.init("--widget", "hilal");
		expect(answer).toMatchObject({ framework: "express", provider: "supabase" });
		expect(answer.files.map(({ path }) => path)).toEqual(["widget-token.mjs", ".env"]);
		followSteps(project, "server.js", answer);
		const server = await serve(project, "server.js", env);
		try {
			expect(await ask(`${server.address}/api/widget-token`)).toEqual({ status: 200, body: { token: null } });
			const { body } = await ask(`${server.address}/api/widget-token`, await signIn());
			const { payload } = await jwtVerify(String(body["token"]), Buffer.from(keys.env["HILAL_WIDGET_HMAC_SECRET"] ?? ""));
			expect(payload).toMatchObject({ email: "ada@example.com" });
		} finally {
			await server.close();
		}
	});
});

describe("Hono", () => {
	const endpoints = { clerk: "hilal", firebase: "jupid", supabase: "bestchatbot", custom: "customgpt" };

	test("every provider's endpoint compiles, answers, and is not written twice", async () => {
		const project = createProject({
			"package.json": { name: "shop", type: "module", dependencies: { hono: "^4.0.0" }, devDependencies: { typescript: "^6" } },
			"tsconfig.json": nodeTypes,
			"src/index.ts": servers.hono,
		});
		await setUp(project, "src/index.ts", endpoints);
		expect(await project.typecheck()).toBe("");
		await expectSettled(project, "src/index.ts", endpoints);

		const server = await serve(project, "src/index.ts", env);
		try {
			for (const provider of ["clerk", "firebase", "supabase"])
				expect(await ask(`${server.address}/api/${provider}`)).toEqual({ status: 200, body: { token: null } });
			expect(await ask(`${server.address}/api/custom`)).toMatchObject({ status: 500, body: { code: "provider_misconfigured" } });
			const { body } = await ask(`${server.address}/api/supabase`, { ...(await signIn()), origin: "http://localhost:3000" });
			const { payload } = await jwtVerify(String(body["token"]), Buffer.from(keys.env["BESTCHATBOT_SIGNING_KEY"] ?? ""));
			expect(payload).toMatchObject({ email: "ada@example.com" });
			expect(await ask(`${server.address}/api/supabase`, { ...(await signIn()), origin: "https://elsewhere.example.com" })).toMatchObject({
				status: 403,
				body: { code: "cross_site_request" },
			});
		} finally {
			await server.close();
		}
	});
});

import { createPublicKey } from "node:crypto";
import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { build } from "esbuild";
import { jwtVerify } from "jose";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createForeignProject, createProject, execute, followSteps, installBuilt, start, strictConfig } from "./init-project.ts";

const keys = createWidgetKeys();
let supabase: SupabaseStandIn;
beforeAll(async () => {
	supabase = await startSupabaseStandIn();
});
afterAll(() => supabase.close());

async function signIn(): Promise<Readonly<Record<string, string>>> {
	const ada = supabase.createUser({
		email: "ada@example.com",
		email_confirmed_at: "2026-01-01T00:00:00Z",
		app_metadata: { role: "staff" },
	});
	return { authorization: `Bearer ${(await supabase.signIn(ada)).access_token}` };
}

describe("Cloudflare Worker", () => {
	const endpoints = { clerk: "onpilot", firebase: "bestchatbot", supabase: "hilal", custom: "jupid" };
	// What `wrangler types` writes of a project without bindings.
	const bindings = `declare namespace Cloudflare {\n\tinterface Env {}\n}\ndeclare module "cloudflare:workers" {\n\texport const env: Cloudflare.Env;\n}\n`;

	test("every provider's endpoint compiles, answers in workerd, and is not written twice", async () => {
		const project = createProject({
			"package.json": { name: "shop", type: "module", devDependencies: { wrangler: "^4", typescript: "^6" } },
			"wrangler.jsonc": '{\n\t// The entry.\n\t"main": "./src/index.ts"\n}\n',
			"tsconfig.json": strictConfig({ module: "ESNext", moduleResolution: "Bundler", noUnusedLocals: true, noUnusedParameters: true }, [
				"src",
				"bindings.d.ts",
			]),
			"bindings.d.ts": bindings,
			"src/index.ts": `export default {\n\tasync fetch(request: Request): Promise<Response> {\n// routes\n\t\treturn new Response("Not found", { status: 404 });\n\t},\n};\n`,
		});
		for (const [provider, widget] of Object.entries(endpoints)) {
			const answer = await project.init("--provider", provider, "--widget", widget, "--route", `/api/${provider}`);
			expect(answer.framework).toBe("worker");
			expect(answer.files.at(-1)?.path).toBe(".dev.vars");
			followSteps(project, "src/index.ts", answer);
		}
		expect(await project.typecheck()).toBe("");
		for (const [provider, widget] of Object.entries(endpoints)) {
			const { files, steps } = await project.init("--provider", provider, "--widget", widget, "--route", `/api/${provider}`);
			expect(files.map(({ state }) => state)).toEqual(["same"]);
			expect(steps.find(({ file }) => file === "src/index.ts")?.done).toBe(true);
		}

		const { outputFiles } = await build({
			entryPoints: [`${project.root}/src/index.ts`],
			bundle: true,
			write: false,
			format: "esm",
			external: ["cloudflare:*", "node:*"],
			conditions: ["workerd", "worker", "browser", "@widget-token/source"],
			logLevel: "silent",
		});
		const worker = new Miniflare({
			modules: true,
			script: outputFiles[0]?.text ?? "",
			compatibilityDate: "2026-04-01",
			compatibilityFlags: ["nodejs_compat"],
			host: "127.0.0.1",
			cf: false,
			bindings: {
				...keys.env,
				SUPABASE_URL: supabase.url,
				SUPABASE_PUBLISHABLE_KEY: supabase.keys.publishable,
				CLERK_SECRET_KEY: "sk_test_0123456789",
				CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("clerk.localhost.test$").toString("base64")}`,
			},
		});
		try {
			const address = await worker.ready;
			const ask = async (provider: string, headers: Readonly<Record<string, string>> = {}) => {
				const response = await fetch(new URL(`/api/${provider}`, address), { headers: { accept: "application/json", ...headers } });
				return { status: response.status, body: (await response.json()) as Record<string, unknown> };
			};
			for (const provider of ["clerk", "firebase", "supabase"]) expect(await ask(provider)).toEqual({ status: 200, body: { token: null } });
			expect(await ask("custom")).toMatchObject({ status: 500, body: { code: "provider_misconfigured" } });
			const { body } = await ask("supabase", await signIn());
			const { payload } = await jwtVerify(String(body["token"]), Buffer.from(keys.env["HILAL_WIDGET_HMAC_SECRET"] ?? ""));
			expect(payload).toMatchObject({ email: "ada@example.com" });
		} finally {
			await worker.dispose();
		}
	});
});

describe("Supabase Edge Function", () => {
	// Elsewhere the address is the platform's to choose.
	const local = `const { serve } = Deno;\nDeno.serve = (handler) => serve({ hostname: "127.0.0.1", port: 0 }, handler);\nawait import("./supabase/functions/widget-token/index.ts");\n`;

	test("compiles and answers in Deno, and gives a token once the role is mapped", async () => {
		const project = createForeignProject({ "supabase/config.toml": 'project_id = "shop"\n', "serve.ts": local });
		installBuilt(project, "core", "widgets", "supabase");
		const answer = await project.init("--widget", "customgpt");
		expect(answer).toMatchObject({ framework: "supabase-edge", provider: "supabase", packages: [] });
		expect(answer.files.map(({ path }) => path)).toEqual([
			"supabase/functions/widget-token/index.ts",
			"supabase/functions/widget-token/deno.json",
			"supabase/functions/.env",
		]);
		const again = await project.init("--widget", "customgpt");
		expect(again.files.map(({ state }) => state)).toEqual(["same", "same"]);
		const toml = again.steps.find(({ file }) => file === "supabase/config.toml");
		expect(toml?.done).toBe(false);
		project.write("supabase/config.toml", `${project.read("supabase/config.toml")}\n${toml?.code}\n`);

		const file = "supabase/functions/widget-token/index.ts";
		const config = ["--no-remote", "--node-modules-dir=manual", "--config", `${project.root}/supabase/functions/widget-token/deno.json`];
		const checked = await execute("deno", ["check", "--quiet", ...config, `${project.root}/${file}`]);
		expect(checked).toEqual({ exitCode: 0, output: "" });

		const ask = async (headers: Readonly<Record<string, string>>) => {
			const deno = start(
				new URL("../../../node_modules/.bin/deno", import.meta.url).pathname,
				["run", ...config, `--allow-net=127.0.0.1:0,${new URL(supabase.url).host}`, "--allow-env", "serve.ts"],
				{
					cwd: project.root,
					env: { ...keys.env, SUPABASE_URL: supabase.url, SUPABASE_ANON_KEY: supabase.keys.anon, APP_ORIGIN: "https://app.example.com" },
				},
			);
			try {
				const [address] = await deno.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
				const nobody = await fetch(address, { headers: { accept: "application/json", origin: "https://app.example.com" } });
				expect(nobody.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
				expect(await nobody.json()).toEqual({ token: null });
				const response = await fetch(address, { headers: { accept: "application/json", ...headers } });
				return { status: response.status, body: (await response.json()) as Record<string, unknown> };
			} finally {
				await deno.close();
			}
		};
		expect(await ask(await signIn())).toMatchObject({ status: 403, body: { code: "role_missing" } });

		// As the comment above it says.
		const mapping = /\/\/ {3}(role: .*),\n/.exec(project.read(file))?.[1] ?? "";
		project.write(file, project.read(file).replace("role: () => undefined", mapping));
		const mapped = await project.init("--widget", "customgpt");
		expect(mapped.files.map(({ state }) => state)).toEqual(["own", "same"]);
		const { body } = await ask(await signIn());
		const { payload } = await jwtVerify(String(body["token"]), createPublicKey(keys.env["CUSTOMGPT_PRIVATE_KEY"] ?? ""));
		expect(payload).toMatchObject({ roles: "Support" });
	});

	test("of a second widget with a role of its own compiles, with the package that it needs", async () => {
		const project = createForeignProject({ "supabase/config.toml": 'project_id = "shop"\n' });
		installBuilt(project, "core", "widgets", "supabase");
		await project.init("--widget", "hilal");
		const { files } = await project.init("--widget", "customgpt");
		expect(files.map(({ state }) => state).slice(0, 2)).toEqual(["earlier", "earlier"]);
		const folder = `${project.root}/supabase/functions/widget-token`;
		const config = ["--no-remote", "--node-modules-dir=manual", "--config", `${folder}/deno.json`];
		expect(project.read("supabase/functions/widget-token/deno.json")).toContain('"@widget-token/core": "npm:');
		expect(await execute("deno", ["check", "--quiet", ...config, `${folder}/index.ts`])).toEqual({ exitCode: 0, output: "" });
	});
});

import { spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createForeignProject,
	createProject,
	followSteps,
	type InitAnswer,
	type InitProject,
	nextApp,
	serve,
	snapshot,
	strictConfig,
} from "./init-project.ts";
import { emptyNextApp } from "./next-project.ts";

const keys = createWidgetKeys();
let supabase: SupabaseStandIn;
beforeAll(async () => {
	supabase = await startSupabaseStandIn();
});
afterAll(() => supabase.close());

const expressApp = {
	"package.json": {
		name: "shop",
		type: "module",
		dependencies: { express: "^5.0.0", "@supabase/supabase-js": "^2" },
		devDependencies: { typescript: "^6" },
	},
	"tsconfig.json": strictConfig({ module: "NodeNext", moduleResolution: "NodeNext", noUnusedLocals: true, noUnusedParameters: true }, [
		"src",
	]),
	"src/server.ts": `import express from "express";

const app = express();
// routes
const server = app.listen(0, "127.0.0.1", () => {
	const address = server.address();
	console.log(\`http://127.0.0.1:\${typeof address === "object" && address !== null ? address.port : ""}\`);
});
`,
};

function copyOf({ root }: InitProject): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(snapshot(root)).map(([path, bytes]) => [path, Buffer.from(bytes, "latin1").toString("utf8")]));
}

const route = "app/api/widget-token/route.ts";

describe("init for another widget", () => {
	test("adds it to the endpoint, which gives tokens for each", async () => {
		const project = createProject(expressApp);
		followSteps(project, "src/server.ts", await project.init("--widget", "hilal"));
		for (const widget of ["bestchatbot", "customgpt"]) {
			const { files, steps } = await project.init("--widget", widget);
			expect(files[0]).toMatchObject({ path: "src/widget-token.ts", state: "earlier", written: true });
			expect(steps.find(({ file }) => file === "src/server.ts")?.done).toBe(true);
		}
		const mapping = /\/\/ {3}(role: .*),\n/.exec(project.read("src/widget-token.ts"))?.[1] ?? "";
		expect(await project.typecheck()).toBe("");

		const ada = supabase.createUser({
			email: "ada@example.com",
			email_confirmed_at: "2026-01-01T00:00:00Z",
			app_metadata: { role: "staff" },
		});
		const authorization = `Bearer ${(await supabase.signIn(ada)).access_token}`;
		const ask = async (...widgets: readonly string[]): Promise<readonly Record<string, unknown>[]> => {
			const server = await serve(project, "src/server.ts", {
				...keys.env,
				SUPABASE_URL: supabase.url,
				SUPABASE_PUBLISHABLE_KEY: supabase.keys.publishable,
			});
			try {
				const address = `${server.address}/api/widget-token`;
				const headers = { authorization, accept: "application/json" };
				return await Promise.all(widgets.map(async (widget) => (await fetch(address + widget, { headers })).json()));
			} finally {
				await server.close();
			}
		};
		const [hilal, bestChatBot, customGpt, unnamed] = await ask("?widget=hilal", "?widget=bestchatbot", "?widget=customgpt", "");
		for (const [answer, variable] of [
			[hilal, "HILAL_WIDGET_HMAC_SECRET"],
			[bestChatBot, "BESTCHATBOT_SIGNING_KEY"],
		] as const) {
			const { payload } = await jwtVerify(String(answer?.["token"]), Buffer.from(keys.env[variable] ?? ""));
			expect(payload).toMatchObject({ email: "ada@example.com" });
		}
		expect(customGpt).toMatchObject({ code: "role_missing" });
		expect(unnamed).toMatchObject({ code: "widget_required" });

		// As the comment above it says.
		const file = project.read("src/widget-token.ts");
		project.write("src/widget-token.ts", file.replace("role: () => undefined", mapping));
		expect(await project.typecheck()).toBe("");
		const [mapped] = await ask("?widget=customgpt");
		const { payload } = await jwtVerify(String(mapped?.["token"]), createPublicKey(keys.env["CUSTOMGPT_PRIVATE_KEY"] ?? ""));
		expect(payload).toMatchObject({ roles: "Support" });
	}, 60_000);

	test("shows the change, as a diff that git takes, and finds nothing to do a second time", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "hilal");
		const twin = createForeignProject(copyOf(project));
		const preview = await project.run("--widget", "bestchatbot", "--dry-run");
		expect(preview.stdout).toMatch(/^-export const GET = withClerkWidgetToken\(\{ widget: hilal \}\);$/m);
		const applied = spawnSync("git", ["apply", "--unidiff-zero", "-"], { cwd: twin.root, input: preview.stdout, encoding: "utf8" });
		expect(applied.stderr).toBe("");

		const { exitCode, stderr } = await project.run("--widget", "bestchatbot", "--yes");
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(/~ app\/api\/widget-token\/route\.ts +gains BestChatBot/);
		expect(stderr).toMatch(/^\+export const GET = withClerkWidgetToken\(\{ widgets: \[hilal, bestChatBot\] \}\);$/m);
		expect(snapshot(project.root)).toEqual(snapshot(twin.root));
		for (const widget of ["hilal", "bestchatbot"]) {
			const { files } = await project.init("--widget", widget);
			expect(files.map(({ state }) => state)).toEqual(["same", "same", "own"].slice(0, files.length));
		}
	});

	test("keeps the line ends of a file that git has checked out with CRLF", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "hilal");
		project.write(route, project.read(route).replaceAll("\n", "\r\n"));
		expect((await project.init("--widget", "jupid")).files[0]?.state).toBe("earlier");
		expect(project.read(route)).toContain("{ widgets: [hilal, jupid] });\r\n");
		expect(project.read(route).replaceAll("\r\n", "")).not.toContain("\n");
	});

	const hosts = {
		express: [expressApp, "src/", ["clerk", "firebase", "supabase", "auth0", "custom"]],
		"next-app": [{ ...emptyNextApp, "app/page.tsx": "" }, "app/api/", ["clerk", "firebase", "supabase", "auth0", "custom"]],
		"next-pages": [{ ...emptyNextApp, "pages/index.tsx": "" }, "pages/api/", ["clerk", "firebase", "supabase", "auth0", "custom"]],
		worker: [
			{
				"package.json": { name: "shop", type: "module", devDependencies: { typescript: "^6" } },
				"tsconfig.json": strictConfig({ module: "ESNext", moduleResolution: "Bundler", noUnusedLocals: true, noUnusedParameters: true }, [
					"src",
					"*.d.ts",
				]),
				"wrangler.jsonc": '{ "main": "src/index.ts" }',
				"src/index.ts": "export {};\n",
				"bindings.d.ts": 'declare module "cloudflare:workers" {\n\texport const env: object;\n}\n',
			},
			"src/",
			["clerk", "firebase", "supabase", "custom"],
		],
	} as const;

	test.each(Object.entries(hosts))(
		"whose role is mapped as the comment says, in %s with every provider",
		async (_, [files, folder, providers]) => {
			const project = createProject(files);
			for (const provider of providers) {
				const args = ["--provider", provider, "--route", `/api/${provider}`];
				const [first] = (await project.init("--widget", "customgpt", "--client", `page/${provider}.ts`, ...args)).files;
				expect((await project.init("--widget", "hilal", "--client", `page/hilal-${provider}.ts`, ...args)).files[0]?.state).toBe("earlier");
				const path = first?.path ?? "";
				expect(path.startsWith(folder)).toBe(true);
				const [, mapping = ""] = /\/\/ {3}(role: .*),\n/.exec(project.read(path)) ?? [];
				project.write(path, project.read(path).replace("role: () => undefined", mapping));
				expect(project.read(path)).toMatch(/createMint(?:<.+>)?\(customGpt, \{[^}]*role: \(.*\) => /);
			}
			rmSync(join(project.root, "page"), { recursive: true });
			expect(await project.typecheck()).toBe("");
		},
		60_000,
	);

	test("next to a contract of the app's own", async () => {
		const contract = {
			id: "acme-chat",
			name: "Acme Chat",
			documentation: [],
			scheme: "jwt",
			algorithm: "HS256",
			key: { env: "ACME_CHAT_API_KEY", encoding: "utf8" },
			claims: {
				sub: { from: "identity", field: "id", required: true },
				plan: { from: "custom", type: "string", required: true },
				exp: { from: "generated", generate: "expirationTime", required: true },
			},
			lifetime: { defaultSeconds: 60, maximumSeconds: 600 },
		};
		const project = createProject({ ...expressApp, "contracts/acme.json": contract });
		await project.init("--contract", "contracts/acme.json");
		const { files } = await project.init("--widget", "onpilot");
		expect(files[0]?.state).toBe("earlier");
		expect(project.read("src/widget-token.ts")).toMatch(
			/createMint<SupabaseUser>\(defineContract\(acmeChatContract\), \{[\s\S]*plan: \(\) => undefined/,
		);
		followSteps(project, "src/server.ts", await project.init("--contract", "contracts/acme.json"));
		expect(await project.typecheck()).toBe("");
	});
});

describe("init for another widget leaves an endpoint with changes as it is", () => {
	const editOf = ({ steps, files }: InitAnswer): string => {
		expect(files[0]).toMatchObject({ state: "own", written: false });
		const step = steps.find(({ title }) => title.includes("changes of yours"));
		expect(step?.done).toBe(false);
		return step?.code ?? "";
	};

	test("and gives the edit, which compiles", async () => {
		const project = createProject(expressApp);
		followSteps(project, "src/server.ts", await project.init("--widget", "hilal"));
		const changed = project.read("src/widget-token.ts").replace("widget: hilal,", "widget: hilal,\n  timeoutSeconds: 3,");
		project.write("src/widget-token.ts", changed);
		const [imports = "", edit = ""] = editOf(await project.init("--widget", "jupid")).split("\n\n");
		expect(project.read("src/widget-token.ts")).toBe(changed);
		expect(edit).toMatch(/^\/\/ In place of `widget: hilal`:\n/);
		project.write("src/widget-token.ts", `${imports}\n${changed.replace("widget: hilal,", edit)}`);
		expect(await project.typecheck()).toBe("");
		const { files, steps } = await project.init("--widget", "jupid");
		expect(files[0]?.state).toBe("own");
		expect(steps.map(({ title }) => title).join()).not.toContain("changes of yours");

		// A third one is one more of them.
		const third = editOf(await project.init("--widget", "customgpt"));
		expect(third).toContain("// One more of the `widgets`:\ncreateMint<SupabaseUser>(customGpt, {");
	});

	test("and says what moves where a mapping is written", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "customgpt");
		project.write(route, project.read(route).replace("role: () => undefined", 'role: () => "Support"'));
		const edit = editOf(await project.init("--widget", "hilal"));
		expect(edit).toContain("createMint<ClerkSubject<undefined>>(customGpt, {");
		expect(edit).toContain("{ role: /* as it is */ }");
		const { exitCode, stdout } = await project.run("--widget", "hilal", "--yes");
		expect(exitCode).toBe(0);
		expect(stdout).toContain("widgets: [");
	});

	test("and names a page that asks for no widget in particular", async () => {
		const project = createForeignProject({
			...nextApp,
			"lib/session.ts":
				'import { createTokenSession } from "@widget-token/client";\n\nexport const session = createTokenSession({ endpoint: "/api/widget-token" });\n',
		});
		expect((await project.init("--widget", "hilal")).steps.map(({ file }) => file)).not.toContain("lib/session.ts");
		const { steps } = await project.init("--widget", "jupid");
		expect(steps.find(({ file }) => file === "lib/session.ts")?.title).toContain('widget: "hilal"');
	});

	test("but one of another provider is a conflict", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "hilal");
		const { exitCode, stdout } = await project.run("--widget", "jupid", "--provider", "supabase", "--yes");
		expect(exitCode).toBe(1);
		expect(stdout).toContain("is there and does something else");
	});
});

import { describe, expect, test } from "vitest";
import { createForeignProject, createProject, type InitAnswer, type InitProject, nextApp, snapshot, strictConfig } from "./init-project.ts";

async function preview(
	project: InitProject,
	...args: string[]
): Promise<InitAnswer & { readonly project: Readonly<Record<string, unknown>> }> {
	const { exitCode, stdout, all } = await project.run(...args, "--dry-run", "--json");
	if (exitCode !== 0) throw new Error(all);
	return JSON.parse(stdout);
}

describe("init sees", () => {
	const pages = { "pages/index.js": "" };
	const app = { "app/page.tsx": "" };
	test.each([
		["the App Router", { next: "16" }, { ...app, ...pages }, { framework: "next-app" }],
		["the App Router in src", { next: "16" }, { "src/app/page.tsx": "" }, { framework: "next-app" }],
		["the Pages Router", { next: "14.2.0" }, pages, { framework: "next-pages" }],
		["Express", { express: "5" }, {}, { framework: "express" }],
		["Hono", { hono: "4" }, {}, { framework: "hono" }],
		["Hono in a Worker", { hono: "4" }, { "wrangler.toml": 'main = "src/index.ts"\n' }, { framework: "hono" }],
		["a Worker", {}, { "wrangler.jsonc": "{}" }, { framework: "worker" }],
		["an Edge Function", {}, { "supabase/config.toml": "" }, { framework: "supabase-edge" }],
	])("%s", async (_, dependencies, files, expected) => {
		const project = createForeignProject({ "package.json": { name: "shop", dependencies }, ...files });
		expect(await preview(project, "--widget", "hilal", "--provider", "supabase")).toMatchObject(expected);
	});

	test.each([
		["pnpm-lock.yaml", "pnpm add"],
		["yarn.lock", "yarn add"],
		["bun.lock", "bun add"],
		["package-lock.json", "npm install"],
	])("the package manager by %s, also above the app in a monorepo", async (lock, install) => {
		const project = createForeignProject({
			[lock]: "",
			"package.json": { workspaces: ["apps/*"] },
			"apps/web/package.json": nextApp["package.json"],
			"apps/web/app/layout.tsx": "",
		});
		expect((await preview(project, "--dir", "apps/web", "--widget", "hilal")).install).toBe(
			`${install} @widget-token/clerk @widget-token/client @widget-token/widgets`,
		);
	});

	test("the provider by its package, and the widget by the variable of its key", async () => {
		for (const [name, provider] of [
			["@clerk/nextjs", "clerk"],
			["firebase-admin", "firebase"],
			["@supabase/ssr", "supabase"],
			["@auth0/nextjs-auth0", "auth0"],
			["better-auth", "custom"],
		] as const) {
			const project = createForeignProject({
				"package.json": { dependencies: { next: "16", [name]: "1" } },
				".env.local": "JUPID_EMBED_SECRET=\n",
			});
			expect(await preview(project)).toMatchObject({ provider, widget: "jupid" });
		}
	});

	test("Vite, and writes the page's part for it", async () => {
		const project = createProject({
			"package.json": {
				name: "shop",
				type: "module",
				dependencies: { express: "5", vite: "8", "@supabase/supabase-js": "2" },
				devDependencies: { typescript: "6" },
			},
			"tsconfig.json": strictConfig({ module: "ESNext", moduleResolution: "Bundler", types: ["vite/client", "node"] }, ["src"]),
			"index.html": '<script type="module" src="/src/main.ts"></script>',
			"src/main.ts": "export {};\n",
			"src/lib/supabase.ts":
				'import { createClient } from "@supabase/supabase-js";\n\nexport const supabase = createClient("http://127.0.0.1", "key");\n',
		});
		const { files, steps } = await project.init("--widget", "jupid", "--sandbox");
		expect(files.map(({ path }) => path)).toEqual(["src/widget-token.ts", "src/jupid-widget.ts", ".env"]);
		const widget = project.read("src/jupid-widget.ts");
		expect(widget).toContain('import { supabase } from "./lib/supabase";');
		// Another tab's sign-in is told before the storage has it; the token then has to be the one of the event.
		expect(widget).toContain("return data.session?.user.id === latest.userId ? data.session.access_token : latest.accessToken;");
		expect(widget).toMatch(/onAuthStateChange\(\(_event, current\) => \{\s+latest = /);
		expect(project.read(".env")).toMatch(/^VITE_JUPID_SCRIPT_URL=http:\/\/localhost:4600\/jupid\/embed\.js$/m);
		expect(steps.map(({ file, code }) => `${file}: ${code}`)).toContain('src/main.ts: import "./jupid-widget";');
		expect(await project.typecheck()).toBe("");
	});
});

describe("init cannot begin", () => {
	test.each([
		["without a package.json", {}, [], 3, "project_not_found", /no package\.json.*--dir/],
		["with a package.json that is none", { "package.json": "{" }, [], 3, "manifest_invalid", /not a JSON object/],
		[
			"at the root of a workspace",
			{ "package.json": { workspaces: ["apps/*"] }, "apps/web/package.json": nextApp["package.json"] },
			[],
			3,
			"workspace_root",
			/--dir apps\/web/,
		],
		[
			"without a framework",
			{ "package.json": {} },
			["--provider", "clerk", "--widget", "hilal"],
			2,
			"option_required",
			/Pass --framework with one of: next-app/,
		],
		[
			"without a provider",
			{ "package.json": { dependencies: { next: "16" } } },
			["--widget", "hilal"],
			2,
			"option_required",
			/Pass --provider with one of: clerk, firebase/,
		],
		["without a widget", nextApp, [], 2, "option_required", /Pass --widget with one of: bestchatbot/],
		["without a yes", nextApp, ["--widget", "hilal"], 2, "option_required", /Pass --yes, or --dry-run/],
		[
			"with two providers",
			{ "package.json": { dependencies: { next: "16", "@clerk/nextjs": "7", "@supabase/ssr": "1" } } },
			["--widget", "hilal"],
			2,
			"option_required",
			/--provider/,
		],
		[
			"with a provider that does not fit",
			{ "package.json": { dependencies: { hono: "4" } } },
			["--provider", "auth0", "--widget", "hilal"],
			2,
			"provider_unfit",
			/Auth0 has no way into Hono.*custom/,
		],
		["with a provider that nobody knows", nextApp, ["--provider", "clark", "--widget", "hilal"], 2, "provider_unknown", /one of: clerk/],
		["with a widget that nobody knows", nextApp, ["--widget", "hilla", "--yes"], 2, "widget_unknown", /hilal/],
		["with a route that is none", nextApp, ["--widget", "hilal", "--route", "/api/../x"], 2, "route_invalid", /--route/],
		["with a file outside the project", nextApp, ["--widget", "hilal", "--client", "../widget.ts"], 2, "path_outside", /--client/],
		["with an embed that the widget has not", nextApp, ["--widget", "customgpt", "--embed", "popup"], 2, "embed_unknown", /liveChat/],
	] as const)("%s, and writes nothing", async (_, files, args, exitCode, code, message) => {
		const project = createForeignProject(files);
		const before = snapshot(project.root);
		const words = await project.run(...args);
		expect(words.exitCode).toBe(exitCode);
		expect(words.stderr.replace(/\s+/g, " ")).toMatch(message);
		const data = await project.run(...args, "--json");
		expect(data.exitCode).toBe(exitCode);
		expect(JSON.parse(data.stdout)).toMatchObject({ error: { code } });
		expect(snapshot(project.root)).toEqual(before);
	});
});

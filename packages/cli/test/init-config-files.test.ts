import { describe, expect, test } from "vitest";
import { createForeignProject, type InitStep } from "./init-project.ts";

/** The step in the server's file, or in any other one that `file` names. */
async function stepIn(files: Readonly<Record<string, string | object>>, file?: string): Promise<InitStep | undefined> {
	const project = createForeignProject(files);
	const { steps } = await project.init("--provider", "supabase", "--widget", "hilal");
	return steps.find((step) => (file === undefined ? step.title.startsWith("Serve the endpoint") : step.file === file));
}

const hono = { "package.json": { type: "module", dependencies: { hono: "4" }, devDependencies: { typescript: "6" } } };

describe("init reads tsconfig.json as the compiler does", () => {
	test("without what is commented out", async () => {
		const tsconfig = '{\n\t"compilerOptions": {\n\t\t// "allowImportingTsExtensions": true,\n\t\t/* "module": "esnext" */\n\t},\n}\n';
		expect((await stepIn({ ...hono, "tsconfig.json": tsconfig }))?.code).toContain('from "./widget-token.js"');
	});

	test("with what it extends, from a file and from a package", async () => {
		const files = {
			...hono,
			"tsconfig.json": { extends: ["@example/tsconfig", "./config/base.json"] },
			"node_modules/@example/tsconfig/package.json": { name: "@example/tsconfig" },
			"node_modules/@example/tsconfig/tsconfig.json": { compilerOptions: { noEmit: true } },
			"config/base.json": '{ "compilerOptions": { "allowImportingTsExtensions": true /* and no other */ } }',
		};
		expect((await stepIn(files))?.code).toContain('from "./widget-token.ts"');
	});

	test("as far as it can while the package that it extends is not installed", async () => {
		const tsconfig = { extends: "@example/not-installed", compilerOptions: { allowImportingTsExtensions: true } };
		expect((await stepIn({ ...hono, "tsconfig.json": tsconfig }))?.code).toContain('from "./widget-token.ts"');
	});
});

describe("init reads the entry of a Worker", () => {
	const worker = { "package.json": { type: "module", devDependencies: { wrangler: "4" } }, "old.js": "", "src/worker.js": "" };

	test.each([
		[
			"wrangler.jsonc",
			'{\n/*\n\t"main": "old.js",\n*/\n\t"env": { "staging": {\n\t"main": "old.js"\n} },\n\t"main": "./src/worker.js",\n}\n',
		],
		["wrangler.json", '{ "name": "shop", "main": "src/worker.js" }'],
		["wrangler.toml", 'notes = """\nmain = "old.js"\n"""\nmain = \'src/worker.js\'\n\n[env.staging]\nmain = "old.js"\n'],
	])("from %s", async (file, text) => {
		expect((await stepIn({ ...worker, [file]: text }))?.file).toBe("src/worker.js");
	});

	test("and finds it by itself where the file cannot be read", async () => {
		expect((await stepIn({ ...worker, "wrangler.toml": "main = [", "src/server.js": "" }))?.file).toBe("src/server.js");
	});
});

describe("init tells of what the compiler needs", () => {
	const worker = { "package.json": { type: "module", devDependencies: { wrangler: "4" } }, "wrangler.jsonc": "{}" };
	const types = async (files: Readonly<Record<string, string | object>>): Promise<InitStep | undefined> => {
		const { steps } = await createForeignProject(files).init("--provider", "supabase", "--widget", "hilal");
		return steps.find(({ code }) => code?.endsWith("wrangler types"));
	};

	test("a Worker in TypeScript: wrangler types, until its file is there", async () => {
		expect(await types(worker)).toBeUndefined();
		expect(await types({ ...worker, "tsconfig.json": "{}" })).toMatchObject({ code: "npx wrangler types", done: false });
		expect(await types({ ...worker, "tsconfig.json": "{}", "pnpm-lock.yaml": "" })).toMatchObject({ code: "pnpm exec wrangler types" });
		expect(await types({ ...worker, "tsconfig.json": "{}", "worker-configuration.d.ts": "" })).toMatchObject({ done: true });
	});

	test("CommonJS in TypeScript: a setting that keeps import(), where it has another one", async () => {
		const express = { "package.json": { dependencies: { express: "5" } }, "src/server.ts": "const app = express();\n" };
		const titleWith = async (module: string) => (await stepIn({ ...express, "tsconfig.json": { compilerOptions: { module } } }))?.title;
		expect(await titleWith("CommonJS")).toContain('"node16" keeps it');
		expect(await titleWith("Node16")).not.toContain("node16");
	});
});

describe("init reads supabase/config.toml", () => {
	test.each([
		["[functions.widget-token]\n# verify_jwt = false\n", false],
		['[functions."widget-token"]\nverify_jwt = false # as told\n', true],
		["[functions.other]\nverify_jwt = false\n", false],
	])("%j", async (text, done) => {
		expect((await stepIn({ "supabase/config.toml": text }, "supabase/config.toml"))?.done).toBe(done);
	});
});

describe("init names a command that the package manager has", () => {
	const berry = "__metadata:\n  version: 8\n";
	test.each([
		["Yarn 1, by its lock file", { "yarn.lock": "# yarn lockfile v1\n" }, {}, "npx"],
		["Yarn 1, by packageManager", { "yarn.lock": "" }, { packageManager: "yarn@1.22.22" }, "npx"],
		["Yarn 4, by its lock file", { "yarn.lock": berry }, {}, "yarn dlx"],
		["Yarn 4, by its settings", { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n" }, {}, "yarn dlx"],
		["Yarn 4, by packageManager without a lock file", {}, { packageManager: "yarn@4.9.1+sha512.0" }, "yarn dlx"],
		["pnpm", { "pnpm-lock.yaml": "" }, {}, "pnpm dlx"],
		["bun", { "bun.lock": "" }, {}, "bunx"],
		["npm", {}, { description: '"packageManager": "yarn@4.0.0"' }, "npx"],
	])("%s", async (_, files, manifest, runner) => {
		const project = createForeignProject({ "package.json": { ...hono["package.json"], ...manifest }, ...files });
		const { stdout } = await project.run("--provider", "supabase", "--widget", "hilal", "--yes");
		expect(stdout).toContain(`\n  ${runner} widget-token secret hilal\n`);
	});
});

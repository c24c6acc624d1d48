import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { describe, expect, test } from "vitest";
import type { ProviderId } from "../../src/init/auth-provider.ts";
import { type FrameworkId, frameworks } from "../../src/init/framework.ts";
import { unwritten } from "../../src/init/unwritten.ts";
import type { InitAnswer, InitStep } from "../init-project.ts";
import { type DoctorRun, useDoctor } from "./run-doctor.ts";

type Files = Readonly<Record<string, string>>;

const manifest = (dependencies: object): string =>
	JSON.stringify({ name: "shop", type: "module", dependencies, devDependencies: { typescript: "6" } });
const server = "const app = create();\n";

// One app for each framework that `init` knows: a new one has to be added here.
const apps: Readonly<Record<FrameworkId, Files>> = {
	"next-app": { "package.json": manifest({ next: "16.4.5" }), "app/layout.tsx": "" },
	"next-pages": { "package.json": manifest({ next: "16.4.5" }), "pages/_app.tsx": "" },
	express: { "package.json": manifest({ express: "5" }), "src/server.ts": `${server}// express()\n` },
	hono: { "package.json": manifest({ hono: "4" }), "src/index.ts": `${server}// new Hono\n` },
	worker: { "package.json": manifest({ wrangler: "4" }), "wrangler.jsonc": '{ "main": "src/index.ts" }', "src/index.ts": server },
	"supabase-edge": { "supabase/config.toml": "" },
};
function withClerk(files: Files): Files {
	return { ...files, "package.json": files["package.json"]?.replace('"next":', '"@clerk/nextjs":"7.9.7","next":') ?? "" };
}

const widgetOf: Readonly<Record<ProviderId, readonly string[]>> = {
	clerk: ["bestchatbot"],
	firebase: ["hilal"],
	supabase: ["jupid"],
	auth0: ["onpilot"],
	custom: ["customgpt", "--embed", "liveChat"],
};

// A widget of somebody's own of which the browser's part is not described.
const ownContract = JSON.stringify({
	id: "acme-chat",
	name: "Acme Chat",
	documentation: ["https://docs.example.com/acme-chat"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "ACME_CHAT_SECRET", encoding: "utf8" },
	settings: { appId: { env: "ACME_APP_ID", description: "The app" } },
	claims: {
		sub: { from: "identity", field: "id", required: true },
		app: { from: "setting", setting: "appId", required: true },
		plan: { from: "custom", type: "string", required: true },
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 60, maximumSeconds: 600 },
});

interface Kind {
	readonly name: string;
	readonly files: Files;
	readonly args: readonly string[];
}

const bundled = { vite: "8", "@supabase/supabase-js": "2" };
const kinds: readonly Kind[] = [
	...frameworks.flatMap(({ id, providers }) =>
		providers.map((provider) => ({
			name: `${id} with ${provider}`,
			files: provider === "clerk" ? withClerk(apps[id]) : apps[id],
			args: ["--framework", id, "--provider", provider, ...widgetOf[provider]],
		})),
	),
	{
		name: "Express and React with Vite",
		files: { ...apps.express, "package.json": manifest({ express: "5", react: "19", ...bundled }), "index.html": "", "src/App.tsx": "" },
		args: ["--provider", "supabase", "onpilot"],
	},
	{
		name: "Hono and Vite without React, and a widget with a place in the page",
		files: { ...apps.hono, "package.json": manifest({ hono: "4", ...bundled }), "index.html": "<body></body>", "src/main.ts": "" },
		args: ["--provider", "supabase", "jupid"],
	},
	{
		name: "no bundler, with a file for the page",
		files: apps.express,
		args: ["--provider", "supabase", "onpilot", "--client", "browser/support.js"],
	},
	{
		name: "a contract of one's own in Next.js",
		files: { ...apps["next-app"], "acme.json": ownContract },
		args: ["--provider", "custom", "acme.json"],
	},
	{
		name: "a contract of one's own with Vite",
		files: { ...apps.express, "package.json": manifest({ express: "5", vite: "8" }), "index.html": "", "acme.json": ownContract },
		args: ["--provider", "custom", "acme.json"],
	},
	{
		name: "Express in JavaScript without ES modules",
		files: { "package.json": '{"dependencies":{"express":"5"}}', "server.js": "express();\n" },
		args: ["--provider", "firebase", "hilal"],
	},
];

const keys = createWidgetKeys().env;
// With a value of its own if the app is deployed, or wants more than the defaults.
const optional = /^(?:CLERK_JWT_KEY|APP_ORIGIN)$|_SCRIPT_URL$/;

describe.concurrent("doctor after init, which leaves nothing unnamed", () => {
	const { createFolder, run, runDoctor } = useDoctor();

	test.each(kinds)("$name", async ({ files, args }) => {
		const cwd = createFolder(files);
		const { stdout } = await run(["init", ...args, "--yes", "--json"], { cwd });
		const answer = JSON.parse(stdout) as InitAnswer;
		const widget = args.includes("acme.json") ? "acme.json" : answer.widget;

		const before = await runDoctor([widget], { cwd });
		expect(before.exitCode).toBe(1);
		for (const step of answer.steps) if (!step.done) expect(before, step.title).toSatisfy((found: DoctorRun) => namesStep(found, step));
		const variables = answer.files.flatMap(({ variables: names = [] }) => names).filter((name) => !optional.test(name));
		expect(variables.length).toBeGreaterThan(0);
		const problems = before.report.findings.filter(({ level }) => level !== "ok");
		for (const name of variables) expect(JSON.stringify(problems)).toContain(name);
		for (const name of answer.packages.filter((each) => each.startsWith("@widget-token/")))
			expect(JSON.stringify(problems)).toContain(name);
		for (const { where, got, remedy } of problems) for (const text of [where, got, remedy]) expect(text).not.toBe("");

		doAll(cwd, answer);
		const after = await runDoctor([widget], { cwd });
		expect(after.report.findings.filter(({ level }) => level !== "ok")).toEqual([]);
		expect(after.exitCode).toBe(0);
	});
});

function namesStep({ report }: DoctorRun, { file, title }: InitStep): boolean {
	// A page that lies elsewhere cannot be looked at.
	const isOfPage = file === undefined && /^(?:Show the widget|Give the widget its place)/.test(title);
	if (isOfPage && report.notChecked.some((reason) => reason.startsWith("The page:"))) return true;
	return report.findings.some(({ level, check, where, remedy }) => {
		if (level === "ok") return false;
		return remedy.startsWith(title) || (check === "unwritten" && file !== undefined && where.startsWith(`${file}, line `));
	});
}

/** Does what is left after `init`, as far as the project shows it. */
function doAll(cwd: string, { files, steps, packages }: InitAnswer): void {
	const read = (path: string): string => (existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), "utf8") : "");
	const write = (path: string, text: string): void => {
		mkdirSync(dirname(join(cwd, path)), { recursive: true });
		writeFileSync(join(cwd, path), text);
	};
	for (const { path, variables } of files) {
		if (variables === undefined) continue;
		write(
			path,
			read(path).replace(/^(\w+)=$/gm, (_, name: string) => `${name}=${exampleOf(name)}`),
		);
	}
	if (existsSync(join(cwd, "package.json"))) {
		const { dependencies, ...others } = JSON.parse(read("package.json"));
		const added = Object.fromEntries(packages.map((name) => [name, "1"]));
		write(
			"package.json",
			JSON.stringify({ ...others, dependencies: { ...dependencies, ...added }, scripts: { start: "node --env-file=.env ." } }),
		);
	}
	const client = files.find(({ content }) => content?.includes("@widget-token/client"))?.path ?? "";
	for (const { file, code = "", done } of steps) {
		if (done) continue;
		if (code.endsWith("wrangler types")) write("worker-configuration.d.ts", "");
		else if (code.startsWith("<div")) write("index.html", read("index.html") + code);
		else if (code !== "" && (file !== undefined || client !== ""))
			write(file ?? "src/App.tsx", `${read(file ?? "src/App.tsx")}\n${code}\n`);
	}
	for (const path of readdirSync(cwd, { recursive: true, encoding: "utf8" })) {
		if (!/\.[cm]?[jt]sx?$/.test(path) || !statSync(join(cwd, path)).isFile()) continue;
		const written = Object.values(unwritten).reduce((text, mark) => text.replaceAll(mark, "written"), read(path));
		write(
			path,
			written
				.replace(/\b(\w+): "",?$/gm, '$1: "value-of-the-page",')
				.replace('"SUPABASE_URL"', '"https://shop.supabase.co"')
				.replace('"SUPABASE_PUBLISHABLE_KEY"', '"sb_publishable_of_the_shop"'),
		);
	}
}

function exampleOf(name: string): string {
	if (/PARTIES|ORIGIN|BASE_URL/.test(name)) return "https://shop.test";
	if (/SECRET$|_KEY$/.test(name) && keys[name] === undefined) return "0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a";
	return JSON.stringify(keys[name] ?? `value-of-${name.toLowerCase()}`);
}

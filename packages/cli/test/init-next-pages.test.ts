import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type InitProject, makeProject, strictConfig } from "./init-project.ts";
import { buildAndServe, emptyNextApp, emptyNextAppInJavaScript, initProviders, type NextServer, providerEnv } from "./next-project.ts";

describe("Next.js with the Pages Router", () => {
	let project: InitProject;
	let server: NextServer | undefined;

	beforeAll(async () => {
		project = makeProject({ ...emptyNextApp, "src/pages/index.tsx": "export default function Home() {\n\treturn <h1>Shop</h1>;\n}\n" });
		const [first] = await initProviders(project, {
			clerk: ["--widget", "hilal"],
			auth0: ["--widget", "bestchatbot", "--route", "/api/auth0"],
			supabase: ["--widget", "customgpt", "--route", "/api/supabase"],
			firebase: ["--widget", "jupid", "--route", "/api/firebase"],
			custom: ["--widget", "onpilot", "--route", "/api/custom"],
		});
		expect(first?.framework).toBe("next-pages");
		const paths = first?.files.map(({ path }) => path);
		expect(paths).toEqual(["src/pages/api/widget-token.ts", "src/components/hilal-widget.tsx", ".env.local"]);
		server = await buildAndServe(project, providerEnv);
	}, 240_000);
	afterAll(async () => {
		await server?.close();
		project.remove();
	});

	test("every provider's endpoint answers", async () => {
		const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
			(await fetch(`${server?.address}/api/${path}`, { headers: { accept: "application/json", ...headers } })).json();
		for (const path of ["widget-token", "auth0", "supabase", "firebase"]) expect(await ask(path)).toEqual({ token: null });
		expect(await ask("widget-token", { authorization: "Bearer forged" })).toMatchObject({ status: 401 });
		expect(await ask("custom")).toMatchObject({ status: 500, code: "provider_misconfigured" });
	});

	test("compiles", async () => {
		expect(await project.typecheck()).toBe("");
	});
});

describe("Next.js in JavaScript", () => {
	test("gets files of JavaScript, indented as package.json is", async () => {
		const project = createProject(emptyNextAppInJavaScript);
		const { files, steps } = await project.init("--provider", "clerk", "--widget", "jupid");
		const paths = files.map(({ path }) => path);
		expect(paths).toEqual(["app/api/widget-token/route.js", "components/jupid-widget.jsx", "middleware.js", ".env.local"]);
		expect(steps[0]?.file).toBe("app/layout.jsx");
		expect(project.read("components/jupid-widget.jsx")).toMatch(/^\tconst \{ userId \} = useAuth\(\);$/m);
		const options = { module: "ESNext", moduleResolution: "Bundler", jsx: "react-jsx", allowJs: true, checkJs: true };
		project.write("tsconfig.json", JSON.stringify(strictConfig(options, ["app/api", "components", "*.js"])));
		expect(await project.typecheck()).toBe("");
	});
});

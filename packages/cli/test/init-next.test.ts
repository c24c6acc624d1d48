import { createRequire } from "node:module";
import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type InitAnswer, type InitProject, makeProject, type Running, start, strictConfig } from "./init-project.ts";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
const keys = createWidgetKeys();
let clerk: ClerkBackend;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
	clerk = await startClerkBackend();
	env = {
		...keys.env,
		NODE_ENV: "production",
		NEXT_TELEMETRY_DISABLED: "1",
		CLERK_TELEMETRY_DISABLED: "1",
		NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
		CLERK_API_URL: clerk.apiUrl,
		CLERK_SECRET_KEY: clerk.secretKey,
		CLERK_JWT_KEY: clerk.jwtKey,
		CLERK_AUTHORIZED_PARTIES: clerk.authorizedParty,
		NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
		NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:1",
		NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_of_the_app",
		GOOGLE_CLOUD_PROJECT: "demo-shop",
		AUTH0_DOMAIN: "tenant.example.com",
		AUTH0_CLIENT_ID: "client",
		AUTH0_CLIENT_SECRET: "the-client-secret-of-the-app-under-test",
		AUTH0_SECRET: "the-cookie-secret-of-the-app-under-test",
		APP_BASE_URL: "http://localhost:3000",
	};
});
afterAll(() => clerk.close());

const manifest = {
	name: "shop",
	dependencies: { next: "16.4.5", react: "19.3.1", "react-dom": "19.3.1", "@clerk/nextjs": "^7", "@auth0/nextjs-auth0": "^4" },
	devDependencies: { typescript: "^6" },
};
const config = `export default { typescript: { ignoreBuildErrors: true } };\n`;
const tsconfig = strictConfig(
	{ module: "ESNext", moduleResolution: "Bundler", jsx: "react-jsx", noUnusedLocals: true, noUnusedParameters: true, types: ["node"] },
	["**/*.ts", "**/*.tsx"],
);
// The browser's SDK of Firebase, as far as it is used.
const firebaseTypes = `declare module "firebase/auth" {
	interface User {
		readonly uid: string;
		getIdToken(): Promise<string>;
	}
	function getAuth(): { readonly currentUser: User | null };
	function onAuthStateChanged(auth: unknown, listener: (user: User | null) => void): () => void;
}
`;

/** One endpoint and one widget for each provider, in one app. */
async function setUp(project: InitProject, providers: Readonly<Record<string, readonly string[]>>): Promise<InitAnswer[]> {
	const answers: InitAnswer[] = [];
	for (const [provider, args] of Object.entries(providers)) answers.push(await project.init("--provider", provider, ...args));
	return answers;
}

async function build(project: InitProject): Promise<void> {
	const building = start(process.execPath, [next, "build", project.root], { cwd: project.root, env });
	if ((await building.exited) !== 0) throw new Error(`next build failed:\n${building.output()}`);
}

async function run(project: InitProject): Promise<Running & { readonly address: string }> {
	const server = start(process.execPath, [next, "start", project.root, "-H", "localhost", "-p", "0"], { cwd: project.root, env });
	const [, address = ""] = await server.waitFor(/Local:\s+(http:\/\/localhost:\d+)/);
	return { ...server, address };
}

/** Tests of an app that is built once. */
function describeBuilt(
	name: string,
	create: () => Promise<InitProject>,
	define: (ask: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>, project: () => InitProject) => void,
): void {
	describe(name, () => {
		let project: InitProject;
		let server: (Running & { readonly address: string }) | undefined;
		beforeAll(async () => {
			project = await create();
			await build(project);
			server = await run(project);
		});
		afterAll(async () => {
			await server?.close();
			project?.remove();
		});
		define(
			(path, headers = {}) => fetch(`${server?.address}${path}`, { headers }),
			() => project,
		);
	});
}

async function claimsOf(response: Response, variable: string): Promise<Record<string, unknown>> {
	const { token } = (await response.json()) as { token: string };
	return (await jwtVerify(token, Buffer.from(keys.env[variable] ?? ""))).payload;
}

describeBuilt(
	"Next.js with the App Router",
	async () => {
		const project = makeProject({
			"package.json": manifest,
			"next.config.ts": config,
			"tsconfig.json": tsconfig,
			"firebase.d.ts": firebaseTypes,
			"app/page.tsx": "export default function Home() {\n\treturn <h1>Shop</h1>;\n}\n",
		});
		const answers = await setUp(project, {
			clerk: ["--widget", "bestchatbot"],
			auth0: ["--widget", "onpilot", "--route", "/api/auth0"],
			supabase: ["--widget", "jupid", "--route", "/api/supabase"],
			firebase: ["--widget", "hilal", "--route", "/api/firebase"],
			custom: ["--widget", "customgpt", "--embed", "liveChat", "--route", "/api/custom"],
		});
		expect(answers[0]?.files.map(({ path }) => path)).toEqual([
			"app/api/widget-token/route.ts",
			"components/bestchatbot-widget.tsx",
			"proxy.ts",
			".env.local",
		]);
		expect(answers[1]?.files.map(({ path }) => path)).toEqual([
			"app/api/auth0/route.ts",
			"components/onpilot-widget.tsx",
			"lib/auth0.ts",
			".env.local",
		]);
		// What the steps tell to do in the layout; the browser's SDK of Firebase is not among this repository's packages.
		const steps = answers
			.flatMap((answer) => answer.steps.filter(({ file }) => file === "app/layout.tsx"))
			.filter(({ code }) => !code?.includes("Hilal"));
		const imports = steps.flatMap(({ code = "" }) => code.split("\n").filter((line) => line.startsWith("import ")));
		const widgets = imports.map((line) => /\{ (\w+Widget) \}/.exec(line)?.[1]).filter(Boolean);
		project.write(
			"app/layout.tsx",
			`${[...new Set(imports)].join("\n")}\nimport type { ReactNode } from "react";\n\nexport default function Layout({ children }: { children: ReactNode }) {\n\treturn (\n\t\t<html lang="en">\n\t\t\t<body>\n\t\t\t\t<ClerkProvider>\n\t\t\t\t\t{children}\n${widgets.map((widget) => `\t\t\t\t\t<${widget} />\n`).join("")}\t\t\t\t</ClerkProvider>\n\t\t\t</body>\n\t\t</html>\n\t);\n}\n`,
		);
		return project;
	},
	(ask, project) => {
		test("gives the signed-in user a token, and nobody none", async () => {
			expect(await (await ask("/api/widget-token")).json()).toEqual({ token: null });
			const { token } = await clerk.createSession(clerkUsers.ada);
			const response = await ask("/api/widget-token", { authorization: `Bearer ${token}` });
			expect(await claimsOf(response, "BESTCHATBOT_SIGNING_KEY")).toMatchObject({ email: "ada@example.com", user_id: "user_ada" });
		});

		test("answers for each other provider", async () => {
			for (const provider of ["auth0", "supabase", "firebase"])
				expect(await (await ask(`/api/${provider}`)).json()).toEqual({ token: null });
			expect(await (await ask("/api/custom")).json()).toMatchObject({ status: 500, code: "provider_misconfigured" });
		});

		test("compiles, and there is nothing to write twice", async () => {
			expect(await project().typecheck()).toBe("");
			const { files, steps } = await project().init("--provider", "clerk", "--widget", "bestchatbot");
			expect(files.map(({ state }) => state)).toEqual(["same", "same"]);
			expect(steps.map(({ done }) => done)).not.toContain(false);
		});
	},
);

describeBuilt(
	"Next.js with the Pages Router",
	async () => {
		const project = makeProject({
			"package.json": manifest,
			"next.config.ts": config,
			"tsconfig.json": tsconfig,
			"firebase.d.ts": firebaseTypes,
			"src/pages/index.tsx": "export default function Home() {\n\treturn <h1>Shop</h1>;\n}\n",
		});
		const [first] = await setUp(project, {
			clerk: ["--widget", "hilal"],
			auth0: ["--widget", "bestchatbot", "--route", "/api/auth0"],
			supabase: ["--widget", "customgpt", "--route", "/api/supabase"],
			firebase: ["--widget", "jupid", "--route", "/api/firebase"],
			custom: ["--widget", "onpilot", "--route", "/api/custom"],
		});
		expect(first?.framework).toBe("next-pages");
		expect(first?.files.map(({ path }) => path)).toEqual([
			"src/pages/api/widget-token.ts",
			"src/components/hilal-widget.tsx",
			".env.local",
		]);
		return project;
	},
	(ask, project) => {
		test("answers for each provider", async () => {
			for (const path of ["widget-token", "auth0", "supabase", "firebase"])
				expect(await (await ask(`/api/${path}`)).json()).toEqual({ token: null });
			expect(await (await ask("/api/widget-token", { authorization: "Bearer forged" })).json()).toMatchObject({ status: 401 });
			expect(await (await ask("/api/custom")).json()).toMatchObject({ status: 500, code: "provider_misconfigured" });
		});

		test("compiles", async () => {
			expect(await project().typecheck()).toBe("");
		});
	},
);

describe("Next.js in JavaScript", () => {
	test("gets files of JavaScript, with one level of indentation as package.json has it", async () => {
		const project = createProject({
			"package.json": JSON.stringify(
				{ ...manifest, dependencies: { ...manifest.dependencies, next: "15.5.0" }, devDependencies: {} },
				null,
				"\t",
			),
			"jsconfig.json": "{}",
			"app/layout.jsx": "export default function Layout({ children }) {\n\treturn <html><body>{children}</body></html>;\n}\n",
		});
		const { files, steps } = await project.init("--provider", "clerk", "--widget", "jupid");
		expect(files.map(({ path }) => path)).toEqual([
			"app/api/widget-token/route.js",
			"components/jupid-widget.jsx",
			"middleware.js",
			".env.local",
		]);
		expect(steps[0]?.file).toBe("app/layout.jsx");
		expect(project.read("components/jupid-widget.jsx")).toMatch(/^\tconst container = useRef\(null\);$/m);
		project.write(
			"tsconfig.json",
			JSON.stringify(
				strictConfig({ module: "ESNext", moduleResolution: "Bundler", jsx: "react-jsx", allowJs: true, checkJs: true }, [
					"app/api",
					"components",
					"*.js",
				]),
			),
		);
		expect(await project.typecheck()).toBe("");
	});
});

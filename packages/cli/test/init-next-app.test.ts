import { fileURLToPath } from "node:url";
import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { launchChromium } from "@widget-token/test-kit/chromium";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEnvValue } from "../src/env-file.ts";
import { type InitAnswer, type InitProject, makeProject, type Running, start } from "./init-project.ts";
import { buildAndServe, emptyNextApp, initProviders, type NextServer, providerEnv, serveNext } from "./next-project.ts";
import { runCli } from "./run-cli.ts";

// The built package: the sandbox's pages are JSX, which Node runs only after its build.
const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

describe("Next.js with the App Router", () => {
	let clerk: ClerkBackend;
	let project: InitProject;
	let sandbox: Running | undefined;
	let server: NextServer | undefined;
	let env: Readonly<Record<string, string>>;

	beforeAll(async () => {
		clerk = await startClerkBackend();
		project = makeProject({ ...emptyNextApp, "app/page.tsx": "export default function Home() {\n\treturn <h1>Shop</h1>;\n}\n" });
		const answers = await initProviders(project, {
			clerk: ["--widget", "bestchatbot", "--sandbox"],
			auth0: ["--widget", "onpilot", "--route", "/api/auth0"],
			supabase: ["--widget", "jupid", "--route", "/api/supabase"],
			firebase: ["--widget", "hilal", "--route", "/api/firebase"],
			custom: ["--widget", "customgpt", "--embed", "liveChat", "--route", "/api/custom"],
		});
		const [first, second] = answers.map(({ files }) => files.map(({ path }) => path));
		expect(first).toEqual(["app/api/widget-token/route.ts", "components/bestchatbot-widget.tsx", "proxy.ts", ".env.local"]);
		expect(second).toEqual(["app/api/auth0/route.ts", "components/onpilot-widget.tsx", "lib/auth0.ts", ".env.local"]);
		writeLayout(project, answers);
		expect((await runCli(["secret", "bestchatbot"], { cwd: project.root })).exitCode).toBe(0);

		sandbox = start(process.execPath, [program, "sandbox", "bestchatbot", "--port", "0"], { cwd: project.root, env: {} });
		const [sandboxAddress] = await sandbox.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
		env = {
			...providerEnv,
			NEXT_PUBLIC_BESTCHATBOT_SCRIPT_URL: `${sandboxAddress}/bestchatbot/widget/v1/chat.js`,
			CLERK_API_URL: clerk.apiUrl,
			CLERK_SECRET_KEY: clerk.secretKey,
			CLERK_JWT_KEY: clerk.jwtKey,
			CLERK_AUTHORIZED_PARTIES: clerk.authorizedParty,
			NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
		};
		server = await buildAndServe(project, env);
	}, 240_000);
	afterAll(async () => {
		await Promise.all([server?.close(), sandbox?.close(), clerk.close()]);
		project.remove();
	});

	const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
		(await fetch(`${server?.address}${path}`, { headers })).json() as Promise<Record<string, unknown>>;

	test("the endpoint gives the signed-in user a token, and nobody none", async () => {
		expect(await ask("/api/widget-token")).toEqual({ token: null });
		const session = await clerk.createSession(clerkUsers.ada);
		const { token } = await ask("/api/widget-token", { authorization: `Bearer ${session.token}` });
		const key = readEnvValue(project.read(".env.local"), "BESTCHATBOT_SIGNING_KEY") ?? "";
		const { payload } = await jwtVerify(String(token), Buffer.from(key));
		expect(payload).toMatchObject({ email: "ada@example.com", user_id: "user_ada" });
	});

	test("in production the sessions of other origins do not count", async () => {
		const { token } = await clerk.createSession(clerkUsers.ada, { authorizedParty: "https://sibling.example.com" });
		expect(await ask("/api/widget-token", { authorization: `Bearer ${token}` })).toMatchObject({ status: 401 });
	});

	test.each([undefined, "", " , "])(
		"in production no page is served while CLERK_AUTHORIZED_PARTIES is %j, and the log says so",
		async (value) => {
			const { CLERK_AUTHORIZED_PARTIES: _, ...rest } = env;
			const careless = await serveNext(project, "start", value === undefined ? rest : { ...rest, CLERK_AUTHORIZED_PARTIES: value });
			try {
				for (const path of ["/", "/api/widget-token"]) expect((await fetch(careless.address + path)).status).toBe(500);
				expect(careless.output()).toMatch(/Error: CLERK_AUTHORIZED_PARTIES is not set\. .*https:\/\/app\.example\.com/);
			} finally {
				await careless.close();
			}
		},
	);

	test("while developing, a user is signed in on any port", async () => {
		const { CLERK_AUTHORIZED_PARTIES: _, NODE_ENV: __, ...rest } = env;
		const developing = await serveNext(project, "dev", rest);
		try {
			const { token } = await clerk.createSession(clerkUsers.ada, { authorizedParty: developing.address });
			const response = await fetch(`${developing.address}/api/widget-token`, { headers: { authorization: `Bearer ${token}` } });
			expect(await response.json()).toMatchObject({ token: expect.any(String) });
		} finally {
			await developing.close();
		}
	}, 60_000);

	test("the widget on the page knows the signed-in user", async () => {
		const { cookie } = await clerk.createSession(clerkUsers.ada);
		const url = server?.address ?? "";
		const browser = await launchChromium();
		try {
			const context = await browser.newContext();
			await context.addCookies(
				cookie.split("; ").map((pair) => ({ name: pair.split("=")[0] ?? "", value: pair.replace(/^[^=]*=/, ""), url })),
			);
			// Nothing but this machine is asked; the vendors' own scripts and Clerk's stay away.
			await context.route(/^https:/, (route) => route.abort());
			const page = await context.newPage();
			await page.goto(url);
			await page.locator("[data-widget-token-sandbox=bestchatbot][data-visitor-status=verified]").waitFor({ state: "attached" });
		} finally {
			await browser.close();
		}
	});

	test("every other provider's endpoint answers", async () => {
		for (const provider of ["auth0", "supabase", "firebase"]) expect(await ask(`/api/${provider}`)).toEqual({ token: null });
		expect(await ask("/api/custom")).toMatchObject({ status: 500, code: "provider_misconfigured" });
	});

	test("it compiles, and there is nothing to write twice", async () => {
		expect(await project.typecheck()).toBe("");
		const { files, steps } = await project.init("--provider", "clerk", "--widget", "bestchatbot");
		expect(files.map(({ state }) => state)).toEqual(["same", "same"]);
		expect(steps.map(({ done }) => done)).not.toContain(false);
	});
});

/** The layout after what the steps tell to do in it. */
function writeLayout(project: InitProject, answers: readonly InitAnswer[]): void {
	const code = answers.flatMap(({ steps }) => steps.filter(({ file }) => file === "app/layout.tsx").map((step) => step.code ?? ""));
	const lines = code.flatMap((text) => text.split("\n"));
	// The browser's SDK of Firebase is not among this repository's packages.
	const imports = new Set(lines.filter((line) => line.startsWith("import ") && !line.includes("Hilal")));
	const widgets = new Set(lines.flatMap((line) => /<\w+Widget \/>/.exec(line) ?? []).filter((widget) => !widget.includes("Hilal")));
	project.write(
		"app/layout.tsx",
		`${[...imports].join("\n")}
import type { ReactNode } from "react";

export default function Layout({ children }: { children: ReactNode }) {
	return (
		<html lang="en">
			<body>
				<ClerkProvider>
					{children}
					${[...widgets].join("\n\t\t\t\t\t")}
				</ClerkProvider>
			</body>
		</html>
	);
}
`,
	);
}

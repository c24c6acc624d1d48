import { createRequire } from "node:module";
import { type InitAnswer, type InitProject, type Running, start, strictConfig } from "./init-project.ts";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** A running `next start`. */
export type NextServer = Running & { readonly address: string };

const manifest = {
	name: "shop",
	dependencies: { next: "16.4.5", react: "19.3.1", "react-dom": "19.3.1", "@clerk/nextjs": "^7", "@auth0/nextjs-auth0": "^4" },
	devDependencies: { typescript: "^6" },
};

/** An app of Next.js in TypeScript without a page. */
export const emptyNextApp: Readonly<Record<string, string | object>> = {
	"package.json": manifest,
	// The tests call the compiler by themselves.
	"next.config.ts": "export default { typescript: { ignoreBuildErrors: true } };\n",
	"tsconfig.json": strictConfig(
		{ module: "ESNext", moduleResolution: "Bundler", jsx: "react-jsx", noUnusedLocals: true, noUnusedParameters: true },
		["**/*.ts", "**/*.tsx"],
	),
	// The browser's SDK of Firebase, as far as it is used.
	"firebase.d.ts": `declare module "firebase/auth" {
	interface User {
		readonly uid: string;
		getIdToken(): Promise<string>;
	}
	function getAuth(): { readonly currentUser: User | null };
	function onAuthStateChanged(auth: unknown, listener: (user: User | null) => void): () => void;
}
`,
};

/** The same in JavaScript, for an older Next.js. */
export const emptyNextAppInJavaScript: Readonly<Record<string, string>> = {
	"package.json": JSON.stringify(
		{ ...manifest, dependencies: { ...manifest.dependencies, next: "15.5.0" }, devDependencies: {} },
		null,
		"\t",
	),
	"jsconfig.json": "{}",
	"app/layout.jsx": "export default function Layout({ children }) {\n\treturn <html><body>{children}</body></html>;\n}\n",
};

/** What the providers' SDKs want to know, without a backend behind it. */
export const providerEnv: Readonly<Record<string, string>> = {
	NODE_ENV: "production",
	NEXT_TELEMETRY_DISABLED: "1",
	CLERK_TELEMETRY_DISABLED: "1",
	NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
	CLERK_SECRET_KEY: "sk_test_0123456789",
	NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("clerk.localhost.test$").toString("base64")}`,
	NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:1",
	NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_of_the_app",
	GOOGLE_CLOUD_PROJECT: "demo-shop",
	AUTH0_DOMAIN: "tenant.example.com",
	AUTH0_CLIENT_ID: "client",
	AUTH0_CLIENT_SECRET: "the-client-secret-of-the-app-under-test",
	AUTH0_SECRET: "the-cookie-secret-of-the-app-under-test",
	APP_BASE_URL: "http://localhost:3000",
};

/** Sets up one endpoint and one widget for each provider, in one app. */
export async function initProviders(project: InitProject, providers: Readonly<Record<string, readonly string[]>>): Promise<InitAnswer[]> {
	const answers: InitAnswer[] = [];
	for (const [provider, args] of Object.entries(providers)) answers.push(await project.init("--provider", provider, ...args));
	return answers;
}

/** Runs `next build` as a build machine does, which has the public variables alone, and then `next start`. */
export async function buildAndServe(project: InitProject, env: Readonly<Record<string, string>>): Promise<NextServer> {
	const known = Object.entries(env).filter(([name]) => /^(?:NEXT_PUBLIC_|NODE_ENV$)|_DISABLED$/.test(name));
	const building = start(process.execPath, [next, "build", project.root], { cwd: project.root, env: Object.fromEntries(known) });
	if ((await building.exited) !== 0) throw new Error(`next build failed:\n${building.output()}`);
	return serveNext(project, "start", env);
}

/** Runs `next start` or `next dev`, on any free port. */
export async function serveNext(
	project: InitProject,
	command: "start" | "dev",
	env: Readonly<Record<string, string>>,
): Promise<NextServer> {
	const server = start(process.execPath, [next, command, project.root, "-H", "localhost", "-p", "0"], { cwd: project.root, env });
	const [, address = ""] = await server.waitFor(/Local:\s+(http:\/\/localhost:\d+)/);
	return { ...server, address };
}

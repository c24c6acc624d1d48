import type { Choices } from "./choices.ts";
import { relativeImport, writeFile, writeImports } from "./code.ts";
import type { PlannedFile, Step } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { sourcePaths } from "./project-files.ts";

/** The files that a provider's SDK needs beside the endpoint, and what those that are there have to contain. */
export interface AuthFiles {
	readonly files: readonly PlannedFile[];
	readonly steps: readonly Step[];
}

/** The module that exports the app's Auth0 client as `auth0`; where there is none, the one to be written. */
export function findAuth0File({ files, isTypeScript, next, sourceFolder }: Project): { readonly path: string; readonly exists: boolean } {
	const prefix = next !== undefined && sourceFolder === "src" ? "src/" : "";
	const exporting = /export\s+(?:const|let)\s+auth0\b/;
	const usual = sourcePaths(`${prefix}lib/auth0`).find((path) => exporting.test(files.read(path) ?? ""));
	const found = usual ?? files.findSource(exporting);
	return found === undefined ? { path: `${prefix}lib/auth0.${isTypeScript ? "ts" : "js"}`, exists: false } : { path: found, exists: true };
}

export function planAuthFiles(project: Project, choices: Choices): AuthFiles {
	if (project.next === undefined || !choices.framework.id.startsWith("next-")) return { files: [], steps: [] };
	if (choices.provider.id === "clerk") return planClerk(project, choices);
	return choices.provider.id === "auth0" ? planAuth0(project, choices) : { files: [], steps: [] };
}

function planClerk(project: Project, { framework, route }: Choices): AuthFiles {
	const { path, exists, text } = findProxy(project);
	const files: PlannedFile[] = [];
	const steps: Step[] = [];
	// An endpoint of the Pages Router verifies the session by itself.
	if (!exists && framework.id === "next-app") {
		files.push({
			path,
			purpose: "Clerk's middleware, which verifies each session for the endpoint",
			content: writeFile([writeImports({ "@clerk/nextjs/server": ["clerkMiddleware"] }), authorizedParties, clerkProxy], project.indent),
			marks: ["clerkMiddleware"],
		});
	} else if (exists && framework.id === "next-app") {
		steps.push({
			file: path,
			title: `clerkMiddleware() must run for ${route}, without auth.protect() there, and name the origins of the app.`,
			code: `${authorizedParties.replaceAll("\t", project.indent)}\n\nclerkMiddleware({ authorizedParties })`,
			done: text.includes("clerkMiddleware") && text.includes("authorizedParties"),
		});
	}
	return { files, steps };
}

// An origin that is guessed would sign everybody out of an app that lies elsewhere. The build, which imports no proxy,
// needs no variable; while the app is developed, an empty list admits any port.
const authorizedParties = `// The origins of the app, such as https://app.example.com: the sessions of others, also of a sibling subdomain, do not count.
const authorizedParties = (process.env.CLERK_AUTHORIZED_PARTIES ?? "").split(",").map((origin) => origin.trim()).filter(Boolean);
if (authorizedParties.length === 0 && process.env.NODE_ENV === "production")
\tthrow new Error("CLERK_AUTHORIZED_PARTIES is not set. Set it to the origins of the app, separated by commas, such as https://app.example.com");`;

const clerkProxy = `export default clerkMiddleware({
	// With the key of the dashboard's API keys page, sessions are verified without asking Clerk.
	...(process.env.CLERK_JWT_KEY ? { jwtKey: process.env.CLERK_JWT_KEY } : {}),
	authorizedParties,
});

export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"] };`;

function planAuth0(project: Project, { route }: Choices): AuthFiles {
	const client = findAuth0File(project);
	const proxy = findProxy(project);
	const files: PlannedFile[] = [];
	const steps: Step[] = [];
	if (!client.exists) {
		const content = writeFile(
			[writeImports({ "@auth0/nextjs-auth0/server": ["Auth0Client"] }), "export const auth0 = new Auth0Client();"],
			project.indent,
		);
		files.push({ path: client.path, purpose: "the app's Auth0 client", content, marks: ["Auth0Client", "auth0"] });
	}
	if (!proxy.exists) {
		const imports = writeImports({ [relativeImport(proxy.path, client.path).replace(/\.\w+$/, "")]: ["auth0"] });
		const name = proxy.path.replace(/^.*\/|\.\w+$/g, "");
		const parameter = project.isTypeScript ? "request: Request" : "request";
		files.push({
			path: proxy.path,
			purpose: "Auth0's middleware, which signs in and out",
			content: writeFile(
				[imports, `export function ${name}(${parameter}) {\n\treturn auth0.middleware(request);\n}`, auth0Matcher(route)],
				project.indent,
			),
			marks: ["auth0.middleware"],
		});
	} else {
		steps.push({
			file: proxy.path,
			title: `Leave ${route} out of the matcher: the SDK extends the session with every request that passes through it.`,
			code: undefined,
			done: proxy.text.includes(route.slice(1)),
		});
	}
	return { files, steps };
}

function auth0Matcher(route: string): string {
	return `// Left out: the endpoint reads the session itself. Were it listed here, a widget that renews its token in
// the background would keep the session of an idle visitor alive.
export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico|${route.slice(1)}).*)"] };`;
}

interface Proxy {
	readonly path: string;
	readonly exists: boolean;
	readonly text: string;
}

// Beside the app or pages folder, where alone Next.js looks for it.
function findProxy({ files, next, sourceFolder, isTypeScript }: Project): Proxy {
	const prefix = sourceFolder === "src" ? "src/" : "";
	const names = ["proxy", "middleware"];
	const found = files.firstOf(names.flatMap((name) => sourcePaths(prefix + name)));
	if (found !== undefined) return { path: found, exists: true, text: files.read(found) ?? "" };
	const name = (next?.majorVersion ?? 16) >= 16 ? "proxy" : "middleware";
	return { path: `${prefix}${name}.${isTypeScript ? "ts" : "js"}`, exists: false, text: "" };
}

/** The file that every page of a Next.js app is wrapped in. */
export function findShell({ files, next }: Pick<Project, "files" | "next">): string {
	const extension = files.exists("tsconfig.json") ? "tsx" : "js";
	if (next?.appFolder !== undefined || next?.pagesFolder === undefined) {
		const layout = `${next?.appFolder ?? "app"}/layout`;
		return files.firstOf(sourcePaths(layout)) ?? `${layout}.${extension}`;
	}
	const app = `${next.pagesFolder}/_app`;
	return files.firstOf(sourcePaths(app)) ?? `${app}.${extension}`;
}

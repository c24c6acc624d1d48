import { usageError } from "../cli-error.ts";
import type { Choices } from "./choices.ts";
import { type Imports, relativeImport, writeCall, writeComment, writeFile, writeImports } from "./code.ts";
import { type EndpointCode, writeEndpointCode } from "./endpoint-code.ts";
import { type Framework, hasCookieSessions, type Runtime, runtimeOf } from "./framework.ts";
import type { PlannedFile } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { unwritten } from "./unwritten.ts";
import { camelCase, requiredCustomClaims, requiresRole, type WidgetCode } from "./widget-code.ts";

/** The file of the endpoint, and what it exports where the app has to use it by hand. */
export interface EndpointFile extends PlannedFile {
	/** The name that a server imports; undefined where the framework finds the file by itself. */
	readonly exported: string | undefined;
}

/** Where the address is that a page asks while the app is developed. */
export function developmentOrigin({ hasVite }: Project): string {
	return hasVite ? "http://localhost:5173" : "http://localhost:3000";
}

/** Where the endpoint's file goes. */
export function endpointPath(project: Project, { framework, route }: Pick<Choices, "framework" | "route">): string {
	const extension = project.isTypeScript ? "ts" : "js";
	const name = route.split("/").at(-1) ?? "";
	const { next, sourceFolder } = project;
	switch (framework.id) {
		case "next-app":
			return `${next?.appFolder ?? "app"}${route}/route.${extension}`;
		case "next-pages":
			if (!route.startsWith("/api/"))
				throw usageError("An endpoint of the Pages Router begins with /api/", "Pass another --route.", "route_invalid");
			return `${next?.pagesFolder ?? "pages"}${route}.${extension}`;
		case "supabase-edge":
			return `supabase/functions/${name}/index.ts`;
		default: {
			// Our packages are ES modules: elsewhere they are imported from a file that says so itself.
			const prefix = project.isModule || runtimeOf(framework, project) === "worker" ? "" : "m";
			return `${sourceFolder === "" ? "" : `${sourceFolder}/`}${name}.${prefix}${extension}`;
		}
	}
}

// Next.js refuses to build two files with one address.
function listRivals({ next }: Project, { framework, route }: Choices): readonly string[] {
	const pages = [`${next?.pagesFolder}${route}`, `${next?.pagesFolder}${route}/index`];
	if (framework.id === "next-app") return next?.pagesFolder === undefined ? [] : pages;
	if (framework.id !== "next-pages") return [];
	return [pages[1] ?? "", ...(next?.appFolder === undefined ? [] : [`${next.appFolder}${route}/route`])];
}

/** Writes the endpoint. `auth0File` is the module that exports the app's Auth0 client. */
export function writeEndpointFile(project: Project, choices: Choices, widget: WidgetCode, auth0File: string): EndpointFile {
	const { framework, provider, route } = choices;
	const path = endpointPath(project, choices);
	const runtime = runtimeOf(framework, project);
	const code = writeEndpointCode(provider.id, {
		runtime,
		host: framework.id === "express" || framework.id === "next-pages" ? "node" : "web",
		variable: (name) => readVariable(name, runtime),
		auth0Module: relativeImport(path, auth0File).replace(/\.\w+$/, ""),
		hasCookieSessions: hasCookieSessions(project, framework),
		defaultOrigin: developmentOrigin(project),
		file: path,
	});
	const { imports, expression } = widget.server(path);
	const options = [
		`widget: ${expression}`,
		...code.options,
		...(runtime === "worker" ? ["env: variables"] : []),
		...writeMappings(choices),
	];
	const exported = camelCase(route.split("/").at(-1) ?? "");
	const host = writeHost(code, writeCall(code.call, options), framework, exported);
	const setup = [...(runtime === "worker" ? [writeWorkerVariables(project.isTypeScript)] : []), ...code.setup];
	const allImports = writeImports(code.imports, imports, host.imports, runtime === "worker" ? { "cloudflare:workers": ["env"] } : {});
	return {
		path,
		purpose: "the endpoint that gives the page its token",
		content: writeFile([allImports, ...setup, host.statement], project.indent),
		marks: [code.call, widget.variable],
		rivals: listRivals(project, choices),
		exported: ["express", "hono", "worker"].includes(framework.id) ? exported : undefined,
	};
}

// A mapping that is not written yet gives nobody a token, which the endpoint answers with the reason.
function writeMappings({ contract, provider }: Choices): string[] {
	const { trustedFields, roleExample } = provider;
	const mappings: string[] = [];
	if (requiresRole(contract)) {
		const comment = writeComment(
			`${unwritten.role} at ${contract.name}, from what the user cannot write (${trustedFields}). Until then nobody gets a token. For example:`,
		);
		mappings.push(
			`${comment}\n//   role: (identity, user) => (${roleExample} === "staff" ? "Support" : undefined),\nrole: () => undefined`,
		);
	}
	const claims = requiredCustomClaims(contract);
	if (claims.length > 0) {
		const members = claims.map((name) => `\t${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: () => undefined,`);
		const comment = writeComment(
			`${unwritten.claim}${claims.length > 1 ? "s" : ""} that ${contract.name} requires. Until then nobody gets a token.`,
		);
		mappings.push(`${comment}\nclaims: {\n${members.join("\n")}\n}`);
	}
	return mappings;
}

function writeHost(
	{ kind }: EndpointCode,
	call: string,
	{ id }: Framework,
	exported: string,
): { readonly imports: Imports; readonly statement: string } {
	const adapter = { imports: { "@widget-token/core/node": ["toNodeHandler"] }, handler: `const handler = ${call};\n\n` };
	switch (id) {
		case "next-app":
			return { imports: {}, statement: `export const GET = ${call};\n\nexport const POST = GET;` };
		case "next-pages":
			if (kind === "node") return { imports: {}, statement: `export default ${call};` };
			return { imports: adapter.imports, statement: `${adapter.handler}export default toNodeHandler(handler);` };
		case "express":
			if (kind === "node") return { imports: {}, statement: `export const ${exported} = ${call};` };
			return { imports: adapter.imports, statement: `${adapter.handler}export const ${exported} = toNodeHandler(handler);` };
		case "supabase-edge":
			return { imports: {}, statement: `const ${exported} = ${call};\n\nDeno.serve(${exported});` };
		default:
			return { imports: {}, statement: `export const ${exported} = ${call};` };
	}
}

function writeWorkerVariables(isTypeScript: boolean): string {
	if (!isTypeScript) return "const variables = env;";
	return `${writeComment("Wrangler's type of env lists this project's bindings; those that are read here are texts.")}\nconst variables = env as unknown as Record<string, string | undefined>;`;
}

function readVariable(name: string, runtime: Runtime): string {
	if (runtime === "worker") return `variables.${name}`;
	return runtime === "deno" ? `Deno.env.get("${name}")` : `process.env.${name}`;
}

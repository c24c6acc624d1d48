import type { Choices } from "./choices.ts";
import { relativeImport } from "./code.ts";
import { readConfig, tableOf } from "./config-file.ts";
import type { EndpointFile } from "./endpoint-file.ts";
import { runtimeOf } from "./framework.ts";
import type { Step } from "./planned-file.ts";
import { findServerEntry, type Project } from "./project.ts";
import { isImported } from "./project-files.ts";

/** What is left to do by hand until the server answers at the endpoint's address. */
export function listServeSteps(project: Project, choices: Choices, endpoint: EndpointFile): readonly Step[] {
	if (choices.framework.id === "supabase-edge") return [letFunctionAnswerNobody(project, choices)];
	return [...serveEndpoint(project, choices, endpoint), ...describeBindings(project, choices, endpoint)];
}

function letFunctionAnswerNobody({ files }: Project, { route }: Choices): Step {
	const name = route.split("/").at(-1) ?? "";
	const functions = tableOf(readConfig(files, "supabase/config.toml"), "functions");
	return {
		file: "supabase/config.toml",
		title: "Let the function answer visitors who are not signed in; it verifies the user by itself.",
		code: `[functions.${name}]\nverify_jwt = false`,
		done: tableOf(functions, name)["verify_jwt"] === false,
	};
}

function serveEndpoint(project: Project, { framework, provider, route }: Choices, { path, exported }: EndpointFile): readonly Step[] {
	if (exported === undefined) return [];
	const file = findServerEntry(project);
	const entry = file ?? path.replace(/[^/]+$/, "server.js");
	const module = relativeImport(entry, project.importsTsExtensions ? path : path.replace(/ts$/, "js"));
	const isModule = isModuleFile(project, entry) || runtimeOf(framework, project) === "worker";
	// Before Node.js 20.19 require() takes no ES module, so that CommonJS imports it with the first request.
	const call = {
		express: isModule
			? `app.all("${route}", ${exported});`
			: `app.all("${route}", (req, res, next) => {\n\timport("${module}").then(({ ${exported} }) => ${exported}(req, res)).catch(next);\n});`,
		hono: isModule
			? `app.all("${route}", (c) => ${exported}(c.req.raw));`
			: `app.all("${route}", async (c) => (await import("${module}")).${exported}(c.req.raw));`,
		worker: `// First in fetch(request):\nif (new URL(request.url).pathname === "${route}") return ${exported}(request);`,
	}[framework.id as "express" | "hono" | "worker"];
	const after = provider.id === "auth0" ? ", behind auth() of express-openid-connect with `authRequired: false`" : "";
	const note = !isModule && project.compilesImports ? `. ${compiledImport}` : ".";
	return [
		{
			file,
			title: `Serve the endpoint${after}${note}`,
			code: isModule ? `import { ${exported} } from "${module}";\n\n${call}` : call.replaceAll("\t", project.indent),
			done: isImported(project.files, path),
		},
	];
}

const compiledImport =
	'With "module": "commonjs" the compiler makes require() of this import(), which needs Node.js 20.19; "node16" keeps it for an older one.';

function isModuleFile({ isModule }: Project, path: string): boolean {
	return /\.m[jt]s$/.test(path) || (isModule && !/\.c[jt]s$/.test(path));
}

// The endpoint reads its variables from `cloudflare:workers`, a module that the compiler knows by what Wrangler writes.
function describeBindings(project: Project, { framework }: Choices, { path }: EndpointFile): readonly Step[] {
	const { files, isTypeScript, dependencies, packageManager } = project;
	if (!isTypeScript || runtimeOf(framework, project) !== "worker") return [];
	const isKnown =
		!(files.read(path)?.includes("cloudflare:workers") ?? true) ||
		files.exists("worker-configuration.d.ts") ||
		dependencies["@cloudflare/workers-types"] !== undefined ||
		files.findSource(/declare module ["']cloudflare:workers["']/) !== undefined;
	return [
		{
			file: undefined,
			title: "Write the types of the Worker's runtime and bindings, which TypeScript needs for the endpoint.",
			code: `${packageManager.executor} wrangler types`,
			done: isKnown,
		},
	];
}

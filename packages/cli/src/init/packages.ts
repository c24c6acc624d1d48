import { createRequire } from "node:module";
import type { Choices } from "./choices.ts";
import { runtimeOf } from "./framework.ts";
import type { Project } from "./project.ts";

/** The packages that code imports, by the names that a package manager knows. */
export function importedPackages(code: string): readonly string[] {
	const specifiers = [...code.matchAll(/^import (?:.* from )?"([^".][^"]*)"/gm)].map(([, specifier = ""]) => specifier);
	const names = specifiers
		.filter((specifier) => !specifier.includes(":"))
		.map((specifier) =>
			specifier
				.split("/")
				.slice(0, specifier.startsWith("@") ? 2 : 1)
				.join("/"),
		);
	return [...new Set(names)].sort();
}

/** The packages that the project lacks for what is written. A provider's SDK is a peer of our package, which its users install. */
export function missingPackages(project: Project, choices: Choices, code: readonly string[]): readonly string[] {
	const { dependencies } = project;
	const needed = new Set([...code.flatMap(importedPackages), ...peers(project, choices)]);
	return [...needed].filter((name) => dependencies[name] === undefined).sort();
}

function peers(project: Project, { framework, provider }: Choices): readonly string[] {
	const runtime = runtimeOf(framework, project);
	const isNext = runtime === "next-app" || runtime === "next-pages";
	switch (provider.id) {
		case "supabase":
			return runtime === "deno" ? [] : ["@supabase/supabase-js", ...(isNext ? ["@supabase/ssr"] : [])];
		case "auth0":
			return isNext ? [] : ["express-openid-connect"];
		default:
			return [];
	}
}

/** An import map for Deno. Our packages have one version in common. */
export function denoImports(code: string): Readonly<Record<string, string>> {
	const { version } = createRequire(import.meta.url)("@widget-token/core/package.json") as { readonly version: string };
	const own = importedPackages(code).filter((name) => name.startsWith("@widget-token/"));
	return Object.fromEntries([
		...own.map((name) => [name, `npm:${name}@^${version}`]),
		["@supabase/supabase-js", "npm:@supabase/supabase-js@^2.90.0"],
	]);
}

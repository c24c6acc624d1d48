import type { ProviderId } from "./auth-provider.ts";
import type { Project } from "./project.ts";
import type { Seen } from "./seen.ts";

export type FrameworkId = "next-app" | "next-pages" | "express" | "hono" | "worker" | "supabase-edge";

/** Where the endpoint runs, which decides what its code may use. */
export type Runtime = "next-app" | "next-pages" | "node" | "worker" | "deno";

export interface Framework {
	readonly id: FrameworkId;
	readonly name: string;
	/** The providers that have a way into it; `custom` is the app's own sessions. */
	readonly providers: readonly ProviderId[];
}

/** Every framework, in the order in which they are offered. */
export const frameworks: readonly Framework[] = [
	{ id: "next-app", name: "Next.js, App Router", providers: ["clerk", "firebase", "supabase", "auth0", "custom"] },
	{ id: "next-pages", name: "Next.js, Pages Router", providers: ["clerk", "firebase", "supabase", "auth0", "custom"] },
	{ id: "express", name: "Express", providers: ["clerk", "firebase", "supabase", "auth0", "custom"] },
	{ id: "hono", name: "Hono", providers: ["clerk", "firebase", "supabase", "custom"] },
	{ id: "worker", name: "Cloudflare Worker", providers: ["clerk", "firebase", "supabase", "custom"] },
	{ id: "supabase-edge", name: "Supabase Edge Function", providers: ["supabase"] },
];

/** The frameworks that the project shows; several where it has several servers. */
export function detectFrameworks({ next, dependencies, wrangler, hasSupabaseFolder }: Project): readonly Seen<FrameworkId>[] {
	if (next !== undefined) {
		const { appFolder, pagesFolder } = next;
		if (appFolder === undefined && pagesFolder !== undefined) return [{ id: "next-pages", because: `${pagesFolder}/` }];
		return [{ id: "next-app", because: appFolder === undefined ? "next in package.json" : `${appFolder}/` }];
	}
	const servers = (["express", "hono"] as const).filter((id) => dependencies[id] !== undefined);
	if (servers.length > 0) return servers.map((id) => ({ id, because: `${id} in package.json` }));
	if (wrangler !== undefined) return [{ id: "worker", because: wrangler.file }];
	return hasSupabaseFolder ? [{ id: "supabase-edge", because: "supabase/" }] : [];
}

/** Whether the sessions of Supabase are in cookies, as those of `@supabase/ssr` are. */
export function hasCookieSessions(project: Project, framework: Framework): boolean {
	const runtime = runtimeOf(framework, project);
	return runtime === "next-app" || runtime === "next-pages" || (runtime === "node" && project.dependencies["@supabase/ssr"] !== undefined);
}

/** Hono runs on Node.js as well as in a Worker. */
export function runtimeOf({ id }: Framework, { wrangler }: Project): Runtime {
	switch (id) {
		case "next-app":
		case "next-pages":
			return id;
		case "express":
			return "node";
		case "hono":
			return wrangler === undefined ? "node" : "worker";
		case "worker":
			return "worker";
		case "supabase-edge":
			return "deno";
	}
}

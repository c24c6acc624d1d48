import { algorithms } from "@widget-token/core";
import type { Choices } from "./choices.ts";
import { developmentOrigin } from "./endpoint-file.ts";
import { runtimeOf } from "./framework.ts";
import { publicPrefix, readPageValues } from "./page-values.ts";
import type { Project } from "./project.ts";

/** A variable that the app reads, with where to get its value. */
export interface EnvVariable {
	readonly name: string;
	/** The comment above it. */
	readonly description: string;
	/** Empty, but for what is no secret and can be known. */
	readonly value: string;
	/** Names that do as well. */
	readonly aliases: readonly string[];
	/** Whether the browser's bundle reads it, and not the server. */
	readonly isPublic: boolean;
	/** Whether the app works without a value, at least while it is developed. */
	readonly isOptional: boolean;
}

/** Every variable that the endpoint and the page read. */
export function listEnvVariables(project: Project, choices: Choices): readonly EnvVariable[] {
	const { contract } = choices;
	const settings = Object.values(contract.settings ?? {})
		// An empty variable would take the place of the default.
		.filter((rule) => rule.default === undefined)
		.map((rule) => server(rule.env, `${contract.name}: ${rule.description}`));
	const page = readPageValues(project, choices).variables.map((each) => ({ ...each, aliases: [], isPublic: true }));
	return [...listProviderVariables(project, choices), server(contract.key.env, describeKey(choices)), ...settings, ...page];
}

function describeKey({ contract: { id, name, algorithm, documentation } }: Choices): string {
	const isPair = algorithms[algorithm].keyType !== "oct";
	const source = isPair
		? `${name}: the private key; widget-token secret ${id} makes a pair`
		: `${name}: the secret of its dashboard; widget-token secret ${id} puts it here`;
	return documentation[0] === undefined ? source : `${source} (${documentation[0]})`;
}

function listProviderVariables(project: Project, { framework, provider }: Choices): readonly EnvVariable[] {
	const runtime = runtimeOf(framework, project);
	const isNext = runtime === "next-app" || runtime === "next-pages";
	const origin = optional("APP_ORIGIN", `The origins of your pages, separated by commas; ${developmentOrigin(project)} when empty`);
	switch (provider.id) {
		case "clerk":
			return [
				server(isNext ? "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY" : "CLERK_PUBLISHABLE_KEY", "Clerk: dashboard, API keys"),
				server("CLERK_SECRET_KEY", "Clerk: dashboard, API keys"),
				...(runtime === "next-app"
					? [optional("CLERK_JWT_KEY", "Clerk: the JWKS public key of the same page, for sessions that are verified without a request")]
					: []),
				isNext
					? optional(
							"CLERK_AUTHORIZED_PARTIES",
							runtime === "next-app"
								? "The origins of the app, separated by commas; Clerk's middleware requires them in production"
								: "The origins of the app, separated by commas; http://localhost:3000 when empty",
						)
					: origin,
			];
		case "firebase":
			return [
				server("GOOGLE_CLOUD_PROJECT", "The id of the Firebase project", ["GCLOUD_PROJECT", "FIREBASE_CONFIG"]),
				...(isNext ? [] : [origin]),
			];
		case "supabase":
			return listSupabaseVariables(
				project,
				runtime === "deno",
				project.dependencies["@supabase/ssr"] !== undefined || isNext ? [] : [origin],
			);
		case "auth0":
			if (!isNext) return [];
			return [
				...["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"].map((name) => server(name, "Auth0: dashboard, Applications")),
				server("AUTH0_SECRET", "Encrypts the session cookie: openssl rand -hex 32"),
				server("APP_BASE_URL", "The origin of the app, such as http://localhost:3000"),
			];
		case "custom":
			return [];
	}
}

// The platform gives an Edge Function the first two.
function listSupabaseVariables(project: Project, isEdge: boolean, origins: readonly EnvVariable[]): readonly EnvVariable[] {
	const prefix = publicPrefix(project);
	const pairs = [
		["SUPABASE_URL", "Supabase: the project's API settings", []],
		["SUPABASE_PUBLISHABLE_KEY", "Supabase: the publishable key of the same page", ["SUPABASE_ANON_KEY", "SUPABASE_PUBLISHABLE_KEYS"]],
	] as const;
	return [
		// The endpoint of a Next.js app reads the browser's.
		...(isEdge || prefix === "NEXT_PUBLIC_" ? [] : pairs.map(([name, description, aliases]) => server(name, description, aliases))),
		...(prefix === undefined
			? []
			: pairs.map(([name, description, aliases]) => ({
					...server(
						prefix + name,
						description,
						aliases.map((alias) => prefix + alias),
					),
					isPublic: true,
				}))),
		...origins,
	];
}

function server(name: string, description: string, aliases: readonly string[] = []): EnvVariable {
	return { name, description, value: "", aliases, isPublic: false, isOptional: false };
}

function optional(name: string, description: string): EnvVariable {
	return { ...server(name, description), isOptional: true };
}

import { type Environment, WidgetTokenError } from "@widget-token/core";

/** Where a Supabase project is, and the API key that opens its gateway. */
export interface SupabaseProject {
	/** Without a slash at the end. */
	readonly url: string;
	/** The publishable (or the legacy anon) key. It says which project, never who the user is. */
	readonly key: string;
}

export interface SupabaseProjectOptions {
	/** The project's URL. Default: `SUPABASE_URL`, then `NEXT_PUBLIC_SUPABASE_URL`. Read at each request. */
	readonly supabaseUrl?: string | undefined;
	/**
	 * The project's publishable key. Default: `SUPABASE_PUBLISHABLE_KEY`, the `default` member of `SUPABASE_PUBLISHABLE_KEYS`,
	 * `SUPABASE_ANON_KEY`, then the first and the last of these with the prefix `NEXT_PUBLIC_`. Read at each request.
	 */
	readonly supabaseKey?: string | undefined;
	/** Environment variables. Default: those of the runtime (`Deno.env` or `process.env`). */
	readonly env?: Environment | undefined;
}

/** The project of the options, else of the environment; `provider_misconfigured` names what is missing. */
export function readProject(options: SupabaseProjectOptions): SupabaseProject {
	const read = (name: string): string | undefined =>
		(options.env === undefined ? runtimeVariable(name) : options.env[name])?.trim() || undefined;
	const address = options.supabaseUrl ?? read("SUPABASE_URL") ?? read("NEXT_PUBLIC_SUPABASE_URL");
	if (address === undefined) throw misconfigured("the project's URL is missing", "Set SUPABASE_URL, or pass `supabaseUrl`.");
	const key =
		options.supabaseKey ??
		read("SUPABASE_PUBLISHABLE_KEY") ??
		defaultKey(read("SUPABASE_PUBLISHABLE_KEYS")) ??
		read("SUPABASE_ANON_KEY") ??
		read("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY") ??
		read("NEXT_PUBLIC_SUPABASE_ANON_KEY");
	if (key === undefined)
		throw misconfigured("the project's API key is missing", "Set SUPABASE_PUBLISHABLE_KEY or SUPABASE_ANON_KEY, or pass `supabaseKey`.");
	if (!/^https?:\/\/[^/?#]+/.test(address) || !URL.canParse(address)) {
		throw misconfigured("the project's URL is not an http(s) URL", "Copy it from the project's API settings.");
	}
	return { url: address.replace(/\/+$/, ""), key };
}

// Edge Functions hold the publishable keys by name: https://supabase.com/docs/guides/functions/secrets
function defaultKey(keys: string | undefined): string | undefined {
	if (keys === undefined) return undefined;
	try {
		const key = (JSON.parse(keys) as { default?: unknown } | null)?.default;
		return typeof key === "string" && key !== "" ? key : undefined;
	} catch {
		return undefined;
	}
}

interface Runtime {
	readonly Deno?: { readonly env: { get(name: string): string | undefined } };
	readonly process?: { readonly env?: Environment };
}

function runtimeVariable(name: string): string | undefined {
	const { Deno, process } = globalThis as Runtime;
	try {
		return Deno === undefined ? process?.env?.[name] : Deno.env.get(name);
	} catch {
		// Deno throws for a variable that --allow-env does not name; another name may do.
		return undefined;
	}
}

function misconfigured(detail: string, remedy: string): WidgetTokenError {
	return new WidgetTokenError("provider_misconfigured", { detail, remedy });
}

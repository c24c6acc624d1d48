// The modules that hosts provide to the code of an app, as far as the snippets use them.

// https://svelte.dev/docs/kit/$env-dynamic-private
declare module "$env/dynamic/private" {
	export const env: Readonly<Record<string, string | undefined>>;
}

// https://docs.astro.build/en/reference/modules/astro-env/#getsecret
declare module "astro:env/server" {
	export function getSecret(key: string): string | undefined;
}

// https://developers.cloudflare.com/workers/runtime-apis/bindings/#importing-env-as-a-global
declare module "cloudflare:workers" {
	export const env: { readonly BESTCHATBOT_SIGNING_KEY: string };
}

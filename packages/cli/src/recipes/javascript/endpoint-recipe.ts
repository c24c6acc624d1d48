import { camelCase } from "../naming.ts";
import { environmentNotes, sharedNotes } from "../notes.ts";
import type { RecipePlan } from "../plan.ts";
import type { Recipe, RecipeFile, RecipeProvider } from "../recipe.ts";
import { clerkReader } from "./clerk-reader.ts";
import { endpointModule } from "./endpoint.ts";
import type { JavascriptLibrary } from "./library.ts";
import { auth0SessionReader, firebaseAdminReader } from "./node-readers.ts";
import { javascriptSigner } from "./signer.ts";
import { supabaseReader } from "./supabase-reader.ts";
import { auth0TokenReader, firebaseTokenReader, openIdReader } from "./token-reader.ts";
import { type UserReader, userReaderModule } from "./user-reader.ts";

/** How a static site's user is read: on any host, without the page's server. */
export const staticReaders: Readonly<Record<RecipeProvider | "oidc", UserReader>> = {
	oidc: openIdReader,
	clerk: clerkReader,
	firebase: firebaseTokenReader,
	supabase: supabaseReader,
	auth0: auth0TokenReader,
};

/** How the user of an app on Node.js is read. */
export const nodeReaders: Readonly<Record<RecipeProvider, UserReader>> = {
	clerk: clerkReader,
	firebase: firebaseAdminReader,
	supabase: supabaseReader,
	auth0: auth0SessionReader,
};

/** What differs between the hosts of an endpoint. */
export interface EndpointHost {
	/** Where the modules go. */
	readonly folder: string;
	readonly library: JavascriptLibrary;
	readonly reader: UserReader;
	/** The module that the host loads, and what configures it. */
	readonly files: readonly RecipeFile[];
	readonly run: string;
	readonly notes: readonly string[];
}

/** A signing function, a way to read the user and an endpoint, on one host. */
export function endpointRecipe(plan: RecipePlan, { folder, library, reader, files, run, notes }: EndpointHost): Recipe {
	const packages = [...new Set([...(plan.scheme === "jwt" ? [library] : []), ...reader.packages])];
	return {
		files: [
			...files,
			{ name: `${folder}endpoint.mjs`, text: endpointModule(plan, "sign-token.mjs") },
			{ name: `${folder}read-user.mjs`, text: userReaderModule(plan, reader) },
			{ name: `${folder}sign-token.mjs`, text: javascriptSigner(plan, library) },
		],
		install: packages.length === 0 ? "" : `npm install ${packages.join(" ")}`,
		run,
		notes: [
			...environmentNotes(plan),
			...reader.notes,
			...missingNotes(plan, reader),
			"Set ALLOWED_ORIGINS to the exact origins of the pages that may ask, separated by commas, where they are not the endpoint's own.",
			...notes,
			...sharedNotes(plan),
		],
	};
}

function missingNotes({ inputs }: RecipePlan, reader: UserReader): string[] {
	const missing = inputs.filter(({ field, type }) => (field === undefined ? type === "attributes" : reader.fields[field] === undefined));
	if (missing.length === 0) return [];
	return [
		`read-user.mjs leaves out ${missing.map(({ words }) => camelCase(words)).join(", ")}, which the provider does not say: add what your app knows.`,
	];
}

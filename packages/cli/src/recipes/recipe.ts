import type { Contract } from "@widget-token/core";

/** How the signed-in user is read, where the language of the recipe can do that. */
export type RecipeProvider = "clerk" | "firebase" | "supabase" | "auth0";

export interface RecipeOptions {
	/** Default: the user is handed to the signing function, or read from any OpenID Connect provider's ID token. */
	readonly provider?: RecipeProvider | undefined;
}

export interface RecipeFile {
	/** A path relative to where the recipe is put, with forward slashes. */
	readonly name: string;
	readonly text: string;
}

/** Code that gives a widget its token without any package of ours. It holds no secret: keys come from the environment. */
export interface Recipe {
	readonly files: readonly RecipeFile[];
	/** The command that installs what the files import; empty when the language itself has it all. */
	readonly install: string;
	/** How to call or deploy it, as a few lines of that language or shell. */
	readonly run: string;
	/** What to set and to know, one sentence or two each. */
	readonly notes: readonly string[];
}

/** Writes the recipe of one language for any contract. */
export type RecipeGenerator = (contract: Contract, options?: RecipeOptions) => Recipe;

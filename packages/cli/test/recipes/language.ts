import type { Contract } from "@widget-token/core";
import type { RecipeCase } from "./cases.ts";
import type { Environment } from "./folder.ts";

/** What came out of one call: the token, the vendor's condition that the user does not meet, or another error. */
export type RecipeOutcome = { readonly token: string } | { readonly refused: string } | { readonly failed: string };

/** The outcomes of each contract, in the order of its cases. */
export type RecipeOutcomes = Readonly<Record<string, readonly RecipeOutcome[]>>;

/** A language's recipes, written to a folder and ready to be called. */
export interface RunningRecipes {
	readonly folder: string;
	call(cases: ReadonlyMap<Contract, readonly RecipeCase[]>, env: Environment): RecipeOutcomes;
	remove(): void;
}

export interface RecipeLanguage {
	readonly name: string;
	/** Whether its functions take a number for an id, and one role in place of several. */
	readonly isDynamic: boolean;
	/** Whether its texts can hold half of a surrogate pair. */
	readonly hasLoneSurrogates: boolean;
	/** Whether it lowers letters beyond ASCII. */
	readonly lowersUnicode: boolean;
	prepare(contracts: readonly Contract[]): RunningRecipes;
}

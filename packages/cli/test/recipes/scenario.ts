import type { Identity } from "@widget-token/core";
import type { Environment } from "./folder.ts";

export type RequestHeaders = Readonly<Record<string, string>>;

/** A provider with its users, and what the recipe's reader has to make of them. */
export interface ProviderScenario {
	readonly env: Environment;
	/** Where a request to the internet goes instead. */
	readonly reroute: (url: URL) => string | undefined;
	/** The headers that a signed-in user's page sends, and who that is. */
	readonly signedIn: () => Promise<RequestHeaders>;
	readonly identity: Identity;
	readonly role: string;
	/** Requests of nobody. */
	readonly signedOut: readonly RequestHeaders[];
	/** Requests that are refused, by what is wrong with them. */
	readonly refused: Readonly<Record<string, () => Promise<RequestHeaders>>>;
	/** Somebody whose address is not verified. */
	readonly unverified: () => Promise<RequestHeaders>;
	/** Makes the provider fail until `restore`; undefined where nothing is asked of it. */
	readonly fail?: () => void;
	readonly restore?: () => void;
	readonly close: () => Promise<void>;
}

/** The only origin that may ask. */
export const page = "https://www.example.com";
export const bearer = (token: string): RequestHeaders => ({ authorization: `Bearer ${token}` });

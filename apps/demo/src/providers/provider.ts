import type { ProcessGroups, RunningProgram } from "../process-groups.ts";
import type { SignedInUser } from "../vendor-check.ts";

export type RequestHeaders = Readonly<Record<string, string>>;

/** A user who has come through the provider's own sign-in. */
export interface SignIn {
	readonly user: SignedInUser;
	/** What the user's browser sends to the app. */
	readonly headers: RequestHeaders;
	/** The provider's own tokens and cookies: the app must pass none of them on. */
	readonly credentials: readonly string[];
}

/** Who gets no token, in the order of the table. */
export const refusalNames = ["signed out", "anonymous user", "unverified email", "impersonation", "backend down"] as const;
export type RefusalName = (typeof refusalNames)[number];

/** A request that the app must answer with `status` and `code`. */
export interface Refusal {
	readonly status: number;
	/** The problem's code; "token" and "no token" for the two answers that are not problems. */
	readonly code: string;
	/** Prepares the request, such as a sign-in. */
	headers(): Promise<RequestHeaders>;
	/** Brings about what is wrong with the backend, and returns what ends it. */
	breakBackend?(): Promise<() => Promise<void>>;
	/** The token endpoint, where it is not the provider's usual one. */
	readonly endpoint?: string;
	/** Why the answer differs from that of the other providers. */
	readonly remark?: string;
}

/** A provider with its app, running. */
export interface RunningProvider {
	/** Where the app listens. */
	readonly address: string;
	/** The app's token endpoint. */
	readonly endpoint: string;
	/** How to go on by hand, after the address. */
	readonly hint: string;
	/** The address of a page that signs Ada in and leads to the app. */
	readonly signInAddress: string;
	readonly programs: readonly RunningProgram[];
	signIn(): Promise<SignIn>;
	/** A text instead of a refusal says why the provider has no such notion. */
	readonly refusals: Readonly<Record<RefusalName, Refusal | string>>;
}

export interface RunningBackend {
	startApp(groups: ProcessGroups, vendorEnv: Readonly<Record<string, string>>): Promise<RunningProvider>;
	close(): Promise<void>;
}

export interface Provider {
	readonly id: "clerk" | "firebase" | "supabase" | "auth0";
	readonly name: string;
	/** What stands in for the provider on this machine. */
	readonly backend: string;
	/** The app's folder. */
	readonly app: string;
	/** The app's file that a person would look into when a token is wrong. */
	readonly route: string;
	startBackend(): Promise<RunningBackend>;
}

/** The request of a visitor who is not signed in. */
export const signedOut: Refusal = { status: 200, code: "no token", headers: async () => ({}) };

import type { Contract, Settings } from "../contract/index.ts";
import type { VerifyHint } from "./lookup.ts";
import type { VerifyResult } from "./result.ts";

/** What the caller knows about a token next to the token itself. */
export interface VerifyContext {
	/** Whose token it should be, such as a bot's id from the route; handed to the look-ups as it is. */
	readonly tenant?: string | undefined;
	/** For a contract of the scheme `hmac`: the text that the token is the hash of, as the page has sent it. */
	readonly identifier?: string | undefined;
}

/** Tells what a token proves. It never throws for a token; it throws a `WidgetTokenError` when it cannot tell (503), or is set up wrongly (500). */
export interface Verify {
	(token: string, context?: VerifyContext): Promise<VerifyResult>;
	/** The contract that the tokens are held to. */
	readonly contract: Contract;
}

/** One scheme's verification: it answers for any token, and throws when it cannot tell. */
export type Verification = (token: unknown, context: VerifyContext) => VerifyResult | Promise<VerifyResult>;

/** The settings for a token; null for a tenant that does not exist. */
export type SettingsLookup = (hint: VerifyHint) => Settings | null | Promise<Settings | null>;

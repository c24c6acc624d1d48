import type { JsonValue } from "../contract/index.ts";
import { type RefusalReason, type VerificationCode, verificationCodes } from "./codes.ts";

/** The visitor as the token names him, in OpenID Connect's words: each field that the contract has a claim for. */
export interface VerifiedIdentity {
	/** The id of the contract. */
	readonly widget: string;
	readonly id?: string | undefined;
	readonly email?: string | undefined;
	readonly emailVerified?: boolean | undefined;
	readonly name?: string | undefined;
	readonly picture?: string | undefined;
	readonly phoneNumber?: string | undefined;
	readonly locale?: string | undefined;
	/** The roles that are known; see the option `knownRoles`. */
	readonly roles?: readonly string[] | undefined;
	readonly organization?:
		| {
				readonly id?: string | undefined;
				readonly slug?: string | undefined;
				readonly name?: string | undefined;
				readonly role?: string | undefined;
		  }
		| undefined;
}

/** The claims of a token by name. */
export type Claims = Readonly<Record<string, JsonValue>>;

/** The answer to a token that is what it should be. */
export interface Verified {
	readonly verified: true;
	/** All claims of the token, also those that the contract does not know. */
	readonly claims: Claims;
	readonly identity: VerifiedIdentity;
}

/** The answer to any other token. It holds no value from the token. */
export interface Refused {
	readonly verified: false;
	readonly reason: RefusalReason;
	readonly code: VerificationCode;
	/** What whoever signs the tokens can do. */
	readonly remedy: string;
	/** The name of the claim that the code is about. */
	readonly claim?: string;
}

export type VerifyResult = Verified | Refused;

/** A refusal before it is an answer: its code, and the claim that it is about. */
export interface Refusal {
	readonly code: VerificationCode;
	readonly claim?: string;
}

/** The answer for a refusal. */
export function refused(code: VerificationCode, claim?: string): Refused {
	const { reason, remedy } = verificationCodes[code];
	return claim === undefined ? { verified: false, reason, code, remedy } : { verified: false, reason, code, remedy, claim };
}

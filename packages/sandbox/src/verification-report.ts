import type { Contract } from "@widget-token/core";
import { type RefusalReason, type VerificationCode, type VerifyResult, verificationCodes } from "@widget-token/core/verify";
import { type ClaimFinding, findClaims } from "./claim-findings.ts";
import { type JsonObject, readTokenText } from "./token-text.ts";

/** Why a token was refused, and how to fix it. */
interface RefusalReport {
	readonly reason: RefusalReason;
	readonly code: VerificationCode;
	readonly title: string;
	readonly remedy: string;
	readonly claim?: string;
	/** What else the sandbox has found out, such as whose key has signed. */
	readonly hint?: string;
}

/** All about one verification. It holds the claims of the token and never the token. */
export interface VerificationReport {
	readonly id: string;
	/** The id of the contract. */
	readonly widget: string;
	/** Milliseconds since the epoch, by the sandbox's clock. */
	readonly at: number;
	/** The origin of the page that sent the token. */
	readonly page: string | undefined;
	readonly verified: boolean;
	/** Which key has signed, in words; omitted where that is not known. */
	readonly signedWith?: string;
	readonly refusal?: RefusalReport;
	/** How the visitor is called: name, else email address, else id. Only of a token that is verified. */
	readonly visitor?: string;
	readonly header: JsonObject | null;
	readonly payload: JsonObject | null;
	readonly findings: readonly ClaimFinding[];
	/** Seconds since the epoch. */
	readonly expiresAt?: number;
	/** Seconds from issue to expiry. */
	readonly lifetimeSeconds?: number;
}

/** What a report is made from. */
export interface VerificationFacts {
	readonly contract: Contract;
	readonly settings: Readonly<Record<string, string>>;
	readonly knownRoles?: readonly string[] | undefined;
	readonly token: unknown;
	readonly identifier?: string | undefined;
	readonly result: VerifyResult;
	readonly signedWith?: string | undefined;
	readonly hint?: string | undefined;
	readonly page: string | undefined;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/** Writes the report of a verification. */
export function reportVerification({
	contract,
	settings,
	knownRoles,
	token,
	identifier,
	result,
	signedWith,
	hint,
	page,
	now,
}: VerificationFacts): VerificationReport {
	const { header, payload } = contract.scheme === "jwt" ? readTokenText(token) : { header: null, payload: null };
	const refusal = result.verified ? undefined : describeRefusal(result, hint);
	const times = readTimes(contract, payload);
	const findings =
		contract.scheme === "jwt"
			? findClaims(contract, payload ?? {}, { settings, knownRoles, now, lifetimeSeconds: times.lifetimeSeconds })
			: [findIdentifier(contract.message.field, identifier)];
	return {
		id: crypto.randomUUID(),
		widget: contract.id,
		at: now,
		page,
		verified: result.verified,
		...(signedWith === undefined ? {} : { signedWith }),
		...(refusal === undefined ? {} : { refusal }),
		...(result.verified ? { visitor: result.identity.name ?? result.identity.email ?? result.identity.id ?? identifier ?? "Visitor" } : {}),
		header,
		payload,
		findings: payload === null && contract.scheme === "jwt" ? [] : findings,
		...times,
	};
}

function describeRefusal(
	{ reason, code, remedy, claim }: Extract<VerifyResult, { verified: false }>,
	hint: string | undefined,
): RefusalReport {
	const { title } = verificationCodes[code];
	return { reason, code, title, remedy, ...(claim === undefined ? {} : { claim }), ...(hint === undefined ? {} : { hint }) };
}

function findIdentifier(field: string, identifier: string | undefined): ClaimFinding {
	const about = { name: field, expected: "The text that the token is the hash of", required: true, isTime: false };
	return identifier === undefined ? { ...about, verdict: "missing" } : { ...about, verdict: "ok", value: identifier };
}

function readTimes(contract: Contract, payload: JsonObject | null): Pick<VerificationReport, "expiresAt" | "lifetimeSeconds"> {
	if (contract.scheme !== "jwt" || payload === null) return {};
	const read = (kind: string): number | undefined => {
		const name = Object.entries(contract.claims).find(([, rule]) => rule.from === "generated" && rule.generate === kind)?.[0];
		const value = name === undefined ? undefined : payload[name];
		return typeof value === "number" && Number.isFinite(value) ? value : undefined;
	};
	const expiresAt = read("expirationTime");
	const issuedAt = read("issuedAt");
	if (expiresAt === undefined) return {};
	return issuedAt === undefined ? { expiresAt } : { expiresAt, lifetimeSeconds: expiresAt - issuedAt };
}

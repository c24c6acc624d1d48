import { decodeBase64Url } from "#verifying";
import { type Awaitable, isInherited, withoutPrototype } from "../base/index.ts";
import type { JwtContract, Settings } from "../contract/index.ts";
import type { VerifyingKey } from "../keys/index.ts";
import { type ClaimsCheck, compileClaimsChecks, createClaimNames, isAbsent } from "./claims.ts";
import type { VerificationCode } from "./codes.ts";
import { createHeaderReader, decodeUtf8, type HeaderReader, type TokenHeader } from "./header.ts";
import { compileIdentityReader, type IdentityReader } from "./identity.ts";
import type { KeyChoice } from "./key-ring.ts";
import type { Ask, PerTenant, VerifyHint } from "./lookup.ts";
import { createReplayCheck, findTokenId, type ReplayOptions } from "./replay-check.ts";
import { type Claims, refused, type VerifyResult } from "./result.ts";
import { createKnownRoles, type KnownRoles } from "./roles.ts";
import { explainSignature, findVerifyingKey } from "./signature.ts";
import { parseJsonObject } from "./strict-json.ts";
import { findGenerated } from "./times.ts";
import type { SettingsLookup, Verification } from "./verification.ts";

export interface JwtVerificationOptions {
	readonly keyRing: (hint: VerifyHint) => KeyChoice | Promise<KeyChoice>;
	readonly ask: Ask;
	readonly now: () => number;
	readonly clockToleranceSeconds: number;
	readonly settings: SettingsLookup;
	readonly knownRoles: PerTenant<readonly string[]> | undefined;
	readonly replay: ReplayOptions | undefined;
	readonly reportOutage: (error: unknown) => void;
}

/** The longest token in characters, which are bytes in every token that verifies; the mint's limit too. */
const maximumTokenLength = 8192;

/** Verifies JWTs (RFC 7519) of one contract: size, shape, header, signature, then claims, then whether it was used before. */
export function createJwtVerification(contract: JwtContract, options: JwtVerificationOptions): Verification {
	const { keyRing, ask, now, clockToleranceSeconds, settings, replay } = options;
	const headers = createHeaderReader(contract);
	const reading = createReading(contract, clockToleranceSeconds);
	const rolesFor = createRolesLookup(options.knownRoles, ask);
	const expiration = findGenerated(contract, "expirationTime") ?? "exp";
	const issue = findGenerated(contract, "issuedAt") ?? "iat";
	const tokenId = replay && findTokenId(contract);
	const claimUse = replay && createReplayCheck(contract, replay, ask, options.reportOutage);

	// What is there at once is judged at once: each step awaits only what a look-up or a runtime has made it wait for.
	const judge = (payload: Claims, { hint }: Attempt, values: Settings | null, knownRoles: KnownRoles | undefined): Answer => {
		if (values === null) return refused("key_missing");
		const { nameOf, checks, readIdentity, isOrdinary } = reading(values);
		const claims = isOrdinary ? payload : withoutPrototype(payload);
		const seconds = now() / 1000;
		for (const check of checks) {
			const refusal = check(claims, seconds, knownRoles);
			if (refusal !== undefined) return refused(refusal.code, refusal.claim);
		}
		const verified = { verified: true, claims: payload, identity: readIdentity(claims, knownRoles) } as const;
		if (tokenId === undefined || claimUse === undefined) return verified;
		const jti = claims[nameOf(tokenId)];
		if (isAbsent(jti)) return refused("claim_missing", nameOf(tokenId));
		// From its issue: what is left of it now is less where the clock has jumped ahead for a moment.
		const start = (claims[nameOf(issue)] ?? seconds) as number;
		const lifetimeSeconds = (claims[nameOf(expiration)] as number) - start + clockToleranceSeconds;
		return claimUse(jti as string, hint.tenant, lifetimeSeconds).then((isFirst) =>
			isFirst ? verified : refused("replayed", nameOf(tokenId)),
		);
	};
	const judgeLater = async (
		claims: Claims,
		attempt: Attempt,
		values: Awaitable<Settings | null>,
		knownRoles: Awaitable<KnownRoles | undefined>,
	): Promise<VerifyResult> => judge(claims, attempt, await values, await knownRoles);

	const read = (key: VerifyingKey | undefined, keys: readonly VerifyingKey[], attempt: Attempt): Answer => {
		const { token, headerSegment, header, signingInput, signature, hint } = attempt;
		if (key === undefined) return explainSignature(keys, signingInput, signature).then((code) => refused(code));
		headers.keep(headerSegment, header);
		const claims = readPayload(token.slice(headerSegment.length + 1, signingInput.length));
		if (typeof claims === "string") return refused(claims);
		const values = settings(hint);
		const roles = rolesFor(hint);
		if (values instanceof Promise || roles instanceof Promise) return judgeLater(claims, attempt, values, roles);
		return judge(claims, attempt, values, roles);
	};
	const readLater = async (
		key: Promise<VerifyingKey | undefined>,
		keys: readonly VerifyingKey[],
		attempt: Attempt,
	): Promise<VerifyResult> => read(await key, keys, attempt);

	const verifyWith = (keys: KeyChoice, attempt: Attempt): Answer => {
		if (typeof keys === "string") return refused(keys);
		const key = findVerifyingKey(keys, attempt.signingInput, attempt.signature);
		return key instanceof Promise ? readLater(key, keys, attempt) : read(key, keys, attempt);
	};
	const verifyLater = async (keys: Promise<KeyChoice>, attempt: Attempt): Promise<VerifyResult> => verifyWith(await keys, attempt);

	return (token, { tenant }) => {
		const attempt = openToken(token, tenant, contract, headers);
		if (typeof attempt === "string") return refused(attempt);
		const keys = keyRing(attempt.hint);
		return keys instanceof Promise ? verifyLater(keys, attempt) : verifyWith(keys, attempt);
	};
}

type Answer = Awaitable<VerifyResult>;

/** A token on its way through the steps. */
interface Attempt {
	readonly token: string;
	readonly headerSegment: string;
	readonly header: TokenHeader;
	readonly signingInput: string;
	readonly signature: string;
	readonly hint: VerifyHint;
}

function openToken(token: unknown, tenant: string | undefined, contract: JwtContract, headers: HeaderReader): Attempt | VerificationCode {
	if (typeof token !== "string" || token === "") return "token_missing";
	if (token.length > maximumTokenLength) return "too_large";
	const first = token.indexOf(".");
	const second = token.indexOf(".", first + 1);
	if (first === -1 || second === -1 || token.includes(".", second + 1)) return "segments_invalid";
	const headerSegment = token.slice(0, first);
	const header = headers.read(headerSegment);
	if (typeof header === "string") return header;
	const hint: VerifyHint = { widget: contract.id, kid: header.kid, tenant };
	return { token, headerSegment, header, signingInput: token.slice(0, second), signature: token.slice(second + 1), hint };
}

function readPayload(segment: string): Claims | VerificationCode {
	const bytes = decodeBase64Url(segment);
	if (bytes === undefined) return "base64url_invalid";
	const text = decodeUtf8(bytes);
	if (text === undefined) return "payload_invalid";
	const claims = parseJsonObject(text);
	if (claims === "duplicate") return "member_duplicated";
	return claims === "invalid" ? "payload_invalid" : claims;
}

interface Reading {
	readonly nameOf: (claim: string) => string;
	readonly checks: readonly ClaimsCheck[];
	readonly readIdentity: IdentityReader;
	/** No claim of the contract has a name that every object inherits. */
	readonly isOrdinary: boolean;
}

// Settings that a look-up makes anew for each token are compiled anew; one object is compiled once.
function createReading(contract: JwtContract, toleranceSeconds: number): (settings: Settings) => Reading {
	let lastSettings: Settings | undefined;
	let last: Reading | undefined;
	return (settings) => {
		if (last === undefined || settings !== lastSettings) {
			const nameOf = createClaimNames(contract, settings);
			last = {
				nameOf,
				checks: compileClaimsChecks(contract, settings, toleranceSeconds),
				readIdentity: compileIdentityReader(contract, settings),
				isOrdinary: !Object.keys(contract.claims).some((claim) => isInherited(nameOf(claim))),
			};
			lastSettings = settings;
		}
		return last;
	};
}

function createRolesLookup(
	roles: PerTenant<readonly string[]> | undefined,
	ask: Ask,
): (hint: VerifyHint) => KnownRoles | undefined | Promise<KnownRoles | undefined> {
	if (typeof roles === "function")
		return async (hint) => createKnownRoles((await ask(() => roles(hint), "the function of the `knownRoles` option")) ?? []);
	const known = roles && createKnownRoles(roles);
	return () => known;
}

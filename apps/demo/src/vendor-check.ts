// The five vendors' side, from their pages alone. It shares no code with what mints the tokens, so that one misreading of
// a page cannot pass both.
import jwt from "jsonwebtoken";
import { type VendorId, vendorPages } from "./vendor-pages.ts";

/** What each vendor holds of its customer: keys and settings. */
export interface VendorAccounts {
	readonly onpilot: { readonly secret: string; readonly tenantId: string; readonly copilotId: string };
	readonly bestchatbot: { readonly secret: string };
	readonly hilal: { readonly secret: string };
	readonly jupid: { readonly secret: string; readonly partnerId: string; readonly audience: string };
	/** `publicKey` as PEM; `attributeName` and `teamRoles` as the owner of the team entered them. */
	readonly customgpt: { readonly publicKey: string; readonly attributeName: string; readonly teamRoles: readonly string[] };
}

/** Who has signed in, as the provider knows the person; the token has to say the same. */
export interface SignedInUser {
	readonly id: string;
	/** Verified, in the spelling of the sign-up. */
	readonly email: string;
	readonly name: string;
	readonly role: string;
}

/** Something that is not as the vendor's page wants it. */
export interface Finding {
	/** The claim or the part of the answer. */
	readonly about: string;
	readonly expected: string;
	readonly got: string;
}

/** What a vendor makes of a token; it would accept one without findings. */
export interface VendorVerdict {
	readonly findings: readonly Finding[];
	/** Null where the signature does not hold: nothing of the token counts then. */
	readonly header: Claims | null;
	readonly claims: Claims | null;
}

/** The five vendors, with the memory of the one that takes each token once. */
export interface VendorCheck {
	check(vendor: VendorId, token: string, user: SignedInUser, now?: Date): VendorVerdict;
}

type Claims = Readonly<Record<string, unknown>>;
type Require = (claim: string, expected: string, holds: boolean) => void;

const clockToleranceSeconds = 5;

/** Opens the five vendors for one customer. */
export function createVendorCheck(accounts: VendorAccounts): VendorCheck {
	const seenTokenIds = new Set<unknown>();

	// "The four required claims — iss, sub, copilot_id, exp"; the recipes add role ("admin" or "user"), name and email.
	function onpilot(claims: Claims, user: SignedInUser, require: Require): void {
		require("iss", `the tenant id ${accounts.onpilot.tenantId}`, claims["iss"] === accounts.onpilot.tenantId);
		require("copilot_id", `the copilot id ${accounts.onpilot.copilotId}`, claims["copilot_id"] === accounts.onpilot.copilotId);
		requireSubject(claims, user, require);
		requireNameAndEmail(claims, user, require);
		if (!("role" in claims)) return;
		require("role", `"admin" or "user"`, claims["role"] === "admin" || claims["role"] === "user");
		require("role", `the user's role, "${user.role}"`, claims["role"] === user.role);
	}

	// "email (REQUIRED): the authenticated user's email, lowercased"; name is recommended, user_id optional: String(user.id).
	function bestchatbot(claims: Claims, user: SignedInUser, require: Require): void {
		requireNameAndEmail(claims, user, require);
		require("email", "lower case", claims["email"] === user.email.toLowerCase());
		if ("user_id" in claims) require("user_id", `the user's id as a string, "${user.id}"`, claims["user_id"] === user.id);
	}

	// "sub — your internal user ID"; name and email are recommended.
	function hilal(claims: Claims, user: SignedInUser, require: Require): void {
		requireSubject(claims, user, require);
		requireNameAndEmail(claims, user, require);
	}

	// iss, aud, sub: str(user.pk), email, name, payload: an object, jti: str(uuid.uuid4()), made for each token.
	function jupid(claims: Claims, user: SignedInUser, require: Require): void {
		const { jti, payload } = claims;
		require("iss", `the partner id ${accounts.jupid.partnerId}`, claims["iss"] === accounts.jupid.partnerId);
		require("aud", `"${accounts.jupid.audience}"`, claims["aud"] === accounts.jupid.audience);
		requireSubject(claims, user, require);
		requireNameAndEmail(claims, user, require);
		require("jti", "a UUID", typeof jti === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jti));
		require("jti", "an id that no earlier token had", !seenTokenIds.has(jti));
		seenTokenIds.add(jti);
		if ("payload" in claims) require("payload", "an object", typeof payload === "object" && payload !== null && !Array.isArray(payload));
	}

	// "The value can be an array … or a comma-separated string"; a role is matched without regard to case. The session's
	// e-mail is "the first available value" of email, upn and preferred_username.
	function customgpt(claims: Claims, user: SignedInUser, require: Require): void {
		const { attributeName, teamRoles } = accounts.customgpt;
		const value = claims[attributeName];
		const list: unknown[] = typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [];
		const roles = list.map((role) => (typeof role === "string" ? role.trim().toLowerCase() : ""));
		require(attributeName, "role names as an array, or as one comma-separated string", roles.length > 0 && !roles.includes(""));
		require(attributeName, `roles of the team (${teamRoles.join(", ")})`, roles.every((role) =>
			teamRoles.some((known) => known.toLowerCase() === role),
		));
		require(attributeName, `the user's role, "${user.role}"`, roles.join() === user.role.toLowerCase());
		const source = ["email", "upn", "preferred_username"].find((name) => name in claims) ?? "email";
		require(source, `the address "${user.email}"`, isSameAddress(claims[source], user.email));
	}

	const rules = { onpilot, bestchatbot, hilal, jupid, customgpt };

	function check(id: VendorId, token: string, user: SignedInUser, now: Date = new Date()): VendorVerdict {
		const { algorithm, longestLifetimeSeconds, claims: named } = vendorPages[id];
		const account = accounts[id];
		const nowSeconds = Math.floor(now.getTime() / 1000);
		let verified: jwt.Jwt;
		try {
			const key = "publicKey" in account ? account.publicKey : Buffer.from(account.secret, "utf8");
			verified = jwt.verify(token, key, { algorithms: [algorithm], clockTimestamp: nowSeconds, complete: true });
			if (typeof verified.payload === "string") throw new Error("the payload is no JSON object");
		} catch (error) {
			const got = error instanceof Error ? error.message : String(error);
			return {
				findings: [{ about: "token", expected: `in force, signed with ${algorithm} and the customer's key`, got }],
				header: null,
				claims: null,
			};
		}

		const findings: Finding[] = [];
		const claims = verified.payload as Claims;
		const require: Require = (claim, expected, holds) => {
			if (!holds) findings.push({ about: claim, expected, got: claim in claims ? JSON.stringify(claims[claim]) : "nothing" });
		};
		if (verified.header.typ !== "JWT")
			findings.push({ about: "header typ", expected: `"JWT"`, got: JSON.stringify(verified.header.typ) ?? "nothing" });
		requireTimes(claims, longestLifetimeSeconds, nowSeconds, require);
		rules[id](claims, user, require);
		const allowed = ["iat", "exp", ...named, ...("attributeName" in account ? [account.attributeName] : [])];
		for (const name of Object.keys(claims)) require(name, "no claim that the vendor's page does not name", allowed.includes(name));
		return { findings, header: { ...verified.header }, claims };
	}

	return { check };
}

function requireSubject(claims: Claims, user: SignedInUser, require: Require): void {
	require("sub", `the user's id as a string, "${user.id}"`, claims["sub"] === user.id);
}

function requireNameAndEmail(claims: Claims, user: SignedInUser, require: Require): void {
	require("name", `"${user.name}"`, claims["name"] === user.name);
	require("email", `the address "${user.email}"`, isSameAddress(claims["email"], user.email));
}

function isSameAddress(claim: unknown, address: string): boolean {
	return typeof claim === "string" && claim.toLowerCase() === address.toLowerCase();
}

// Every page counts in whole seconds since the epoch, from the moment at which the token is signed.
function requireTimes({ iat, exp }: Claims, longestLifetimeSeconds: number, nowSeconds: number, require: Require): void {
	const issuedAt = Number.isSafeInteger(iat) ? Number(iat) : undefined;
	require("iat", "whole seconds", issuedAt !== undefined);
	const ageSeconds = nowSeconds - (issuedAt ?? nowSeconds);
	require("iat", `the present time, ${nowSeconds}`, ageSeconds >= -clockToleranceSeconds && ageSeconds <= 60);
	require("exp", "whole seconds", Number.isSafeInteger(exp));
	const lifetimeSeconds = Number(exp) - (issuedAt ?? nowSeconds);
	require("exp", `at most ${longestLifetimeSeconds} s after iat`, lifetimeSeconds > 0 && lifetimeSeconds <= longestLifetimeSeconds);
}

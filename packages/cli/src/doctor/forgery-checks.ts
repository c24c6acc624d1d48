import { createHmac, randomBytes } from "node:crypto";
import type { Visitor } from "./credential.ts";
import type { Answer } from "./endpoint.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { askAs, type Visit } from "./visit.ts";

const invented = { id: "widget-token-doctor", email: "doctor@widget-token-doctor.invalid" };

/** Asks with credentials that nobody has signed, and with users' own ones whose signature was changed. */
export async function checkForgeries(visit: Visit): Promise<readonly Diagnosis[]> {
	const answers: Answer[] = [];
	for (const [about, token] of forgeTokens())
		answers.push(await askAs(visit, undefined, { about, headers: { authorization: `Bearer ${token}` } }));
	for (const visitor of visit.visitors) {
		const headers = tamper(visitor);
		if (headers !== undefined) answers.push(await askAs(visit, visitor, { about: "with a changed signature", headers }));
	}
	return answers.map(({ about, status, token }) => {
		if (typeof token === "string") {
			return failed("forged-credential", {
				where: about,
				got: "a token",
				remedy: "Verify the session with the auth provider's SDK; decoding a token proves nothing.",
			});
		}
		if (status < 500) return passed("forged-credential", about);
		return doubtful("forged-credential", {
			where: about,
			got: `status ${status}`,
			expected: "a refusal below status 500, without a token",
			remedy: "Answer 401 to a credential that does not verify; a 5xx makes clients ask again.",
		});
	});
}

function forgeTokens(): readonly (readonly [about: string, token: string])[] {
	const now = Math.floor(Date.now() / 1000);
	const claims = {
		sub: invented.id,
		user_id: invented.id,
		email: invented.email,
		email_verified: true,
		iat: now,
		auth_time: now,
		exp: now + 600,
	};
	const payload = encode(claims);
	const unsigned = `${encode({ alg: "none", typ: "JWT" })}.${payload}.`;
	const input = `${encode({ alg: "HS256", typ: "JWT" })}.${payload}`;
	const signed = `${input}.${createHmac("sha256", randomBytes(32)).update(input).digest("base64url")}`;
	return [
		["with an unsigned bearer token", unsigned],
		["with a bearer token of a made-up key", signed],
	];
}

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}

const signedToken = /\b(ey[\w-]+)\.([\w-]+)\.([\w-]{20,})/g;

/** The visitor's headers with the signature of each JWT in them changed; undefined where there is none, as an emulator signs none. */
function tamper({ headers }: Visitor): Readonly<Record<string, string>> | undefined {
	let isChanged = false;
	const changed = Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			value.replace(signedToken, (_, header: string, payload: string, signature: string) => {
				isChanged = true;
				// In the middle: the last character may carry bits that do not count.
				const middle = Math.floor(signature.length / 2);
				return `${header}.${payload}.${signature.slice(0, middle)}${signature[middle] === "A" ? "B" : "A"}${signature.slice(middle + 1)}`;
			}),
		]),
	);
	return isChanged ? changed : undefined;
}

/** Asks as nobody with an identity in the query and in the body, where none may be read. */
export async function checkIdentityInRequest(visit: Visit): Promise<readonly Diagnosis[]> {
	const claimed = { id: invented.id, sub: invented.id, userId: invented.id, user_id: invented.id, email: invented.email };
	const query = { about: "with an identity in the query", query: claimed };
	const body = {
		method: "POST",
		about: "with an identity in the body",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ ...claimed, user: claimed }),
	};
	const answers = [await askAs(visit, undefined, query), await askAs(visit, undefined, body)];
	return answers.map(({ about, token }) =>
		typeof token === "string"
			? failed("identity-in-request", {
					where: about,
					got: "a token for whoever the request says",
					remedy: "Take the user from the verified session, never from the query or the body: anybody can write those.",
				})
			: passed("identity-in-request", about),
	);
}

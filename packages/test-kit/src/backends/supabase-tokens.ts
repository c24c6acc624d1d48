import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from "jose";

/** `ES256`: an asymmetric signing key, published as a JWKS. `HS256`: the project's older shared secret. */
export type SupabaseAlgorithm = "ES256" | "HS256";

/** The keys of one Supabase project, and tokens that it would never issue. */
export interface SupabaseTokens {
	/** What `/auth/v1/.well-known/jwks.json` answers; empty for a shared secret. */
	readonly jwks: { readonly keys: readonly JWK[] };
	/** A token as the project signs it. */
	sign(claims: JWTPayload): Promise<string>;
	/** The claims of a token that the project has signed and that has not expired; it throws otherwise. */
	verify(token: string): Promise<JWTPayload>;
	/** A legacy API key: a JWT of ten years without a user. */
	apiKey(role: "anon" | "service_role"): Promise<string>;
	readonly forge: {
		/** Signed by another project's key, under this project's key id. */
		otherKey(claims: JWTPayload): Promise<string>;
		/** An unsecured token (RFC 7519 §6), with this project's key id. */
		algNone(claims: JWTPayload): string;
		/** The signature of one token under the claims of another. */
		tampered(token: string, claims: JWTPayload): string;
		/** The project's public key used as if it were a shared secret (RFC 8725 §2.1). */
		publicKeyAsSecret(claims: JWTPayload): Promise<string>;
	};
}

/** Makes the keys of a project that signs with `algorithm`. */
export async function createSupabaseTokens(algorithm: SupabaseAlgorithm): Promise<SupabaseTokens> {
	const secret = new TextEncoder().encode(`${randomUUID()}${randomUUID()}`);
	const pair = await generateKeyPair("ES256", { extractable: true });
	const other = await generateKeyPair("ES256");
	const kid = randomUUID();
	const header = algorithm === "ES256" ? { alg: algorithm, typ: "JWT", kid } : { alg: algorithm, typ: "JWT" };
	const publicKey = { ...(await exportJWK(pair.publicKey)), alg: "ES256", kid, use: "sig", key_ops: ["verify"] };

	return {
		jwks: { keys: algorithm === "ES256" ? [publicKey] : [] },
		sign: (claims) => new SignJWT(claims).setProtectedHeader(header).sign(algorithm === "ES256" ? pair.privateKey : secret),
		verify: async (token) => {
			// A project that has moved to a signing key still takes the tokens and API keys of its older secret.
			const verified = await jwtVerify(token, (protectedHeader) => (protectedHeader.kid === kid ? pair.publicKey : secret), {
				algorithms: ["ES256", "HS256"],
			});
			return verified.payload;
		},
		apiKey: (role) => {
			const issuedAt = seconds() - 3600;
			const claims = { iss: "supabase", ref: "local", role, iat: issuedAt, exp: issuedAt + 315_360_000 };
			return new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(secret);
		},
		forge: {
			otherKey: (claims) =>
				new SignJWT(claims)
					.setProtectedHeader(header)
					.sign(algorithm === "ES256" ? other.privateKey : new TextEncoder().encode(randomUUID())),
			algNone: (claims) => `${encode({ ...header, alg: "none" })}.${encode(claims)}.`,
			tampered: (token, claims) => {
				const [head = "", , signature = ""] = token.split(".");
				return `${head}.${encode(claims)}.${signature}`;
			},
			publicKeyAsSecret: (claims) =>
				new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT", kid }).sign(new TextEncoder().encode(JSON.stringify(publicKey))),
		},
	};
}

/** Now, in whole seconds since the epoch. */
export function seconds(): number {
	return Math.floor(Date.now() / 1000);
}

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}

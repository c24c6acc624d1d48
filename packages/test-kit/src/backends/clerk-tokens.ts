import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";

/** Clerk's mark of a kind of token, in the protected header (`@clerk/backend` `tokens/jwtCategories.ts`). */
export const clerkTokenCategory = {
	session: "cl_B7d4PD111AAA",
	jwtTemplate: "cl_B7d4PD222AAA",
	machine: "cl_B7d4PD333AAA",
	ignored: "cl_I7d4PD111III",
} as const;

/** What differs from the session token that Clerk would issue. */
export interface ClerkTokenOptions {
	/** Claims to add or, with undefined, to leave out. */
	readonly claims?: Readonly<Record<string, unknown>>;
	/** Header parameters to add or, with undefined, to leave out. */
	readonly header?: Readonly<Record<string, unknown>>;
	/** `attacker`: a key of somebody else under the instance's `kid`; `none`: an unsigned token. Default: the instance's key. */
	readonly key?: "instance" | "attacker" | "none";
	/** The origin of the page that asked for the token (`azp`). Default: the backend's `authorizedParty`. */
	readonly authorizedParty?: string;
	/** Default: 3600, as a page without Clerk's browser script cannot renew it; Clerk's own is 60. */
	readonly lifetimeSeconds?: number;
}

/** The signing keys of a Clerk instance, and those of an attacker. */
export interface ClerkTokenSigner {
	/** The instance's public key, as the dashboard shows it. */
	readonly jwtKey: string;
	readonly jwks: { readonly keys: readonly JWK[] };
	/** Signs the claims of a session of the emulator as Clerk's version 2 session token. */
	sign(emulated: Readonly<Record<string, unknown>>, authorizedParty: string, options?: ClerkTokenOptions): Promise<string>;
}

/** Makes the keys of an instance whose front end is at `issuer`. */
export async function createClerkTokenSigner(issuer: string): Promise<ClerkTokenSigner> {
	const kid = "ins_test";
	const [instance, attacker] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);

	return {
		jwtKey: await exportSPKI(instance.publicKey),
		jwks: { keys: [{ ...(await exportJWK(instance.publicKey)), kid, use: "sig", alg: "RS256" }] },
		async sign(emulated, authorizedParty, options = {}) {
			const { sid, sub, org_id, org_role, org_slug } = emulated;
			const now = Math.floor(Date.now() / 1000);
			const payload = withoutUndefined({
				sid,
				sub,
				azp: options.authorizedParty ?? authorizedParty,
				exp: now + (options.lifetimeSeconds ?? 3600),
				fva: [0, -1],
				iat: Math.min(now, now + (options.lifetimeSeconds ?? 0)),
				iss: issuer,
				nbf: Math.min(now, now + (options.lifetimeSeconds ?? 0)) - 10,
				o: typeof org_id === "string" ? { id: org_id, rol: String(org_role).replace(/^org:/, ""), slg: org_slug } : undefined,
				sts: "active",
				v: 2,
				...options.claims,
			});
			const header = withoutUndefined({ alg: "RS256", cat: clerkTokenCategory.session, kid, typ: "JWT", ...options.header });
			if (options.key === "none") return `${base64url({ ...header, alg: "none" })}.${base64url(payload)}.`;
			const { privateKey } = options.key === "attacker" ? attacker : instance;
			return new SignJWT(payload).setProtectedHeader({ ...header, alg: "RS256" }).sign(privateKey);
		},
	};
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function base64url(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}

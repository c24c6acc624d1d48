import { randomBytes } from "node:crypto";

/** Opaque tokens of machines and applications, and the backend's verification of them. */
export interface ClerkMachineTokens {
	readonly machine: string;
	readonly oauth: string;
	readonly apiKey: string;
	/** The answer of the backend's verification endpoints; undefined for a token that is none of these. */
	verify(pathname: string, body: string): Response | undefined;
}

/** Makes one token of each kind; those that act for a user act for `subject`. */
export function createClerkMachineTokens(subject: string): ClerkMachineTokens {
	const [machine, oauth, apiKey] = ["mt_", "oat_", "ak_"].map((prefix) => prefix + randomBytes(24).toString("hex")) as [
		string,
		string,
		string,
	];
	const common = {
		revoked: false,
		revocation_reason: null,
		expired: false,
		expiration: null,
		scopes: [],
		claims: null,
		created_at: 0,
		updated_at: 0,
	};
	return {
		machine,
		oauth,
		apiKey,
		verify(pathname, body) {
			if (pathname === "/m2m_tokens/verify" && body.includes(machine)) {
				return Response.json({ object: "machine_to_machine_token", id: "mt_1", subject: "mch_1", ...common });
			}
			if (pathname === "/oauth_applications/access_tokens/verify" && body.includes(oauth)) {
				return Response.json({
					object: "clerk_idp_oauth_access_token",
					id: "oat_1",
					client_id: "client_1",
					type: "oauth:access_token",
					subject,
					...common,
				});
			}
			if (pathname === "/api_keys/verify" && body.includes(apiKey)) {
				return Response.json({ object: "api_key", id: "ak_1", type: "api_key", name: "key", subject, ...common });
			}
			return undefined;
		},
	};
}

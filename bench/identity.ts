import { randomBytes } from "node:crypto";
import type { Identity } from "@widget-token/core";

/** The user that every peer makes a token for: the eight claims of the OnPilot contract. */
export const user = { id: "user_2a9f4c1b7e", name: "Ada Lovelace", email: "ada.lovelace@example.com", role: "admin" } as const;

export const identity: Identity = {
	id: user.id,
	provider: "bench",
	email: user.email,
	emailVerified: true,
	name: user.name,
	roles: ["admin"],
};

export const tenantId = "tenant_4f1c";

export const copilotId = "copilot_93b2";

/** A secret of 64 characters, as the vendors issue them. */
export function createSecret(): string {
	return randomBytes(32).toString("hex");
}

/** The claims as the vendor's page writes them. */
export function claims(now: number): Record<string, unknown> {
	return {
		iss: tenantId,
		sub: user.id,
		copilot_id: copilotId,
		role: user.role,
		name: user.name,
		email: user.email,
		iat: now,
		exp: now + 3600,
	};
}

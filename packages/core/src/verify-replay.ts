import type { JwtContract } from "./contract.ts";
import { WidgetTokenError } from "./errors.ts";
import type { ReplayStore } from "./replay.ts";
import type { Ask } from "./verify-lookup.ts";
import { findGenerated } from "./verify-times.ts";

/** Refuses a token that was used before. */
export interface ReplayOptions {
	readonly store: ReplayStore;
	/** When the store cannot be asked: refuse the token (503), or accept it and report the outage to `onEvent`. Default: `refuse`. */
	readonly whenUnavailable?: "refuse" | "accept" | undefined;
}

/** Claims a token for this use; false when it was used before. */
export type ReplayCheck = (jti: string, tenant: string | undefined, expiresAt: number) => Promise<boolean>;

/** Binds the option to a contract, which must give each token an id of its own. */
export function createReplayCheck(
	contract: JwtContract,
	{ store, whenUnavailable = "refuse" }: ReplayOptions,
	ask: Ask,
	report: (error: unknown) => void,
): ReplayCheck {
	if (typeof store?.claim !== "function")
		throw new WidgetTokenError("options_invalid", { detail: "`replay.store` has no function `claim`" });
	return async (jti, tenant, expiresAt) => {
		// Ids are unique for one signer only (RFC 7519 §4.1.7).
		const id = JSON.stringify([contract.id, tenant ?? null, jti]);
		try {
			return await ask(() => store.claim(id, expiresAt), "the store of used tokens", "replay_unavailable");
		} catch (error) {
			if (whenUnavailable === "refuse") throw error;
			report(error);
			return true;
		}
	};
}

/** The contract's claim that holds a token's id. Throws `options_invalid` where its tokens have none. */
export function findTokenId(contract: JwtContract): string {
	const name = findGenerated(contract, "uuid");
	if (name !== undefined) return name;
	throw new WidgetTokenError("options_invalid", {
		detail: `the tokens of ${contract.id} have no id (jti), so \`replay\` could not tell them apart`,
	});
}

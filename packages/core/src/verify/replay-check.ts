import { WidgetTokenError } from "../base/index.ts";
import type { JwtContract } from "../contract/index.ts";
import type { Ask } from "./lookup.ts";
import type { ReplayStore } from "./replay-store.ts";
import { findGenerated } from "./times.ts";

/** Refuses a token that was used before. */
export interface ReplayOptions {
	readonly store: ReplayStore;
	/** When the store cannot be asked: refuse the token (503), or accept it and report the outage to `onEvent`. Default: `refuse`. */
	readonly whenUnavailable?: "refuse" | "accept" | undefined;
}

/** Claims a token for this use; false when it was used before. */
export type ReplayCheck = (jti: string, tenant: string | undefined, lifetimeSeconds: number) => Promise<boolean>;

// The clock of another process may be behind this one's, so that a token still verifies there after its end here.
const clockSkewSeconds = 60;

/** Binds the option to a contract, which must give each token an id of its own. */
export function createReplayCheck(
	contract: JwtContract,
	{ store, whenUnavailable = "refuse" }: ReplayOptions,
	ask: Ask,
	report: (error: unknown) => void,
): ReplayCheck {
	const claim = async (id: string, milliseconds: number): Promise<unknown> => {
		try {
			return await ask<unknown>(() => store.claim(id, milliseconds), "the store of used tokens", "replay_unavailable");
		} catch (error) {
			// A mistake in the configuration is not an outage.
			const isOutage = error instanceof WidgetTokenError && error.code === "replay_unavailable";
			if (whenUnavailable === "refuse" || !isOutage) throw error;
			report(error);
			return true;
		}
	};
	return async (jti, tenant, lifetimeSeconds) => {
		// Ids are unique for one signer only (RFC 7519 §4.1.7).
		const id = JSON.stringify([contract.id, tenant ?? null, jti]);
		const isFirst = await claim(id, Math.ceil((lifetimeSeconds + clockSkewSeconds) * 1000));
		if (typeof isFirst === "boolean") return isFirst;
		throw new WidgetTokenError("replay_unavailable", {
			detail: "the store of used tokens returned neither true nor false",
			remedy: "Correct `claim` of the store: true for the first use, false for any other.",
		});
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

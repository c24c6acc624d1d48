import { type Awaitable, type Environment, runtimeEnvironment, WidgetTokenError } from "../base/index.ts";
import { type Contract, readSetting } from "../contract/index.ts";
import type { Identity } from "../identity/index.ts";
import type { SecretSource } from "../keys/index.ts";
import { type CustomClaims, checkCustomClaim } from "./custom-claims.ts";

/** What the `role` option returns: a role, several where the widget takes several, or nothing for a user without one. */
export type Role = string | readonly string[] | null | undefined;

/** How tokens for one widget are made. Each option falls back to the environment variable that the contract names, then to its default. */
export interface MintOptions<User = unknown> {
	/** The key, in any form of `SecretSource`. Default: the environment variable `contract.key.env`. Read at first use. */
	readonly secret?: SecretSource | undefined;
	/** The contract's settings by name. Default: their environment variables. Read at first use. */
	readonly settings?: Readonly<Record<string, string>> | undefined;
	/**
	 * The user's role at the widget, from fields that the user cannot write. There is no default role.
	 *
	 * `identity` is without an address that may not be sent; `user` is the provider's raw user, whose unverified fields are yours
	 * to judge. A role is signed as it is or refused (`identity_invalid`); it has at most 255 characters, one string that lists
	 * several at most 2048.
	 */
	readonly role?: ((identity: Identity<User>, user: User) => Awaitable<Role>) | undefined;
	/**
	 * The claims that the vendor documents as free-form. A claim that the contract owns is refused (`claim_reserved`).
	 *
	 * They get what `role` gets. Text in them, at any depth, is sent as it is; but for tabs and line breaks, control characters
	 * refuse the token.
	 */
	readonly claims?: CustomClaims<User> | undefined;
	/** Whole seconds, at most the contract's maximum. Default: the contract's. */
	readonly lifetimeSeconds?: number | undefined;
	/** Sends an email address that the provider has not verified. Default: false. */
	readonly allowUnverifiedEmail?: boolean | undefined;
	/** Refuses the token to a user without a verified email address, also where the widget does not need one. Default: false. */
	readonly requireVerifiedEmail?: boolean | undefined;
	/** Environment variables. Default: `process.env` where the runtime has it. */
	readonly env?: Environment | undefined;
	/** Milliseconds since the epoch; anything else refuses the token (`options_invalid`). Default: `Date.now`. */
	readonly now?: (() => number) | undefined;
	/** A fresh token id of 1 to 255 characters; anything else refuses the token (`options_invalid`). Default: `crypto.randomUUID`. */
	readonly jti?: (() => string) | undefined;
}

/** Refuses options that contradict the contract or each other: `options_invalid`, `setting_unknown`, `lifetime_invalid`, `role_unmapped`, `claim_reserved`. */
export function checkMintOptions<User>(contract: Contract, options: MintOptions<User>): void {
	const { settings = {}, role, claims, lifetimeSeconds, allowUnverifiedEmail, requireVerifiedEmail } = options;
	const refuse = (detail: string): never => {
		throw new WidgetTokenError("options_invalid", { detail });
	};
	const known = Object.keys(contract.settings ?? {});
	for (const name of Object.keys(settings)) {
		if (!known.includes(name))
			throw new WidgetTokenError("setting_unknown", { detail: `${name}; ${contract.id} has ${known.join(", ") || "none"}` });
	}
	if (allowUnverifiedEmail === true && requireVerifiedEmail === true)
		refuse("`allowUnverifiedEmail` and `requireVerifiedEmail` exclude each other");
	if (contract.scheme === "hmac") {
		if (role !== undefined || claims !== undefined || lifetimeSeconds !== undefined) refuse(`${contract.id} has no claims and no lifetime`);
		return;
	}
	if (
		lifetimeSeconds !== undefined &&
		!(Number.isSafeInteger(lifetimeSeconds) && lifetimeSeconds >= 1 && lifetimeSeconds <= contract.lifetime.maximumSeconds)
	) {
		throw new WidgetTokenError("lifetime_invalid", {
			detail: `\`lifetimeSeconds\` of ${contract.id} is a whole number from 1 to ${contract.lifetime.maximumSeconds}`,
		});
	}
	const rules = Object.values(contract.claims);
	const roleRule = rules.find(({ from }) => from === "role");
	if (role === undefined && roleRule?.required === true) throw new WidgetTokenError("role_unmapped", { detail: contract.id });
	if (role !== undefined && roleRule === undefined) refuse(`${contract.id} has no role, so \`role\` would do nothing`);
	if (claims === undefined) return;
	if (contract.additionalClaims !== true && !rules.some(({ from }) => from === "custom")) {
		throw new WidgetTokenError("claim_reserved", { detail: `${contract.id} takes no free-form claims` });
	}
	// As far as the settings are known so early; each token checks them again.
	const env = options.env ?? runtimeEnvironment();
	const names = rules.map(({ nameSetting }) => (nameSetting === undefined ? undefined : readSetting(nameSetting, contract, settings, env)));
	for (const name of typeof claims === "function" ? [] : Object.keys(claims)) checkCustomClaim(name, contract, names);
}

import { createBase64UrlEncoder } from "#signing";
import {
	type ClaimInputs,
	type ClaimsEncoder,
	compileClaims,
	compileMessage,
	type ConfiguredClaims,
	configureClaims,
	type EmailPolicy,
	readSetting,
	readSettings,
} from "./claims.ts";
import type { Algorithm, Contract, HmacContract, JwtContract } from "./contract.ts";
import { type CustomClaims, checkCustomClaim, noClaims, readCustomClaims } from "./custom-claims.ts";
import { defineContract } from "./define-contract.ts";
import { runtimeEnvironment } from "./environment.ts";
import { WidgetTokenError } from "./errors.ts";
import { checkIdentity, type Identity } from "./identity.ts";
import { createSigningKeySource } from "./keys.ts";
import type { Environment, SecretSource } from "./secret.ts";
import type { TextSigner } from "./signing.ts";

/** A token for a widget. */
export interface MintedToken {
	readonly token: string;
	/** Seconds from now to its expiry; undefined for a widget whose proof of identity never expires (scheme `hmac`). */
	readonly expiresIn?: number;
}

/** Maps an identity to a signed token for one widget. */
export interface Mint<User = unknown> {
	(identity: Identity<User>): Promise<MintedToken>;
	/** The contract that the tokens follow. */
	readonly contract: Contract;
}

/** What the `role` option returns: a role, several where the widget takes several, or nothing for a user without one. */
export type Role = string | readonly string[] | null | undefined;

type Awaitable<T> = T | Promise<T>;

/** How tokens for one widget are made. Each option falls back to the environment variable that the contract names, then to its default. */
export interface MintOptions<User = unknown> {
	/** The key, in any form of `SecretSource`. Default: the environment variable `contract.key.env`. Read at first use. */
	readonly secret?: SecretSource | undefined;
	/** The contract's settings by name. Default: their environment variables. Read at first use. */
	readonly settings?: Readonly<Record<string, string>> | undefined;
	/**
	 * The user's role at the widget, from fields that the user cannot write. There is no default role.
	 *
	 * A role has at most 255 characters, one string that lists several at most 2048.
	 */
	readonly role?: ((identity: Identity<User>, user: User) => Awaitable<Role>) | undefined;
	/**
	 * The claims that the vendor documents as free-form. A claim that the contract owns is refused (`claim_reserved`).
	 *
	 * Text in them, at any depth, is trimmed and composed (NFC); but for tabs and line breaks, control characters refuse the token.
	 */
	readonly claims?: CustomClaims<User> | undefined;
	/** Whole seconds, at most the contract's maximum. Default: the contract's. */
	readonly lifetimeSeconds?: number | undefined;
	/** Sends an e-mail address that the provider has not verified. Default: false. */
	readonly allowUnverifiedEmail?: boolean | undefined;
	/** Refuses the token to a user without a verified e-mail address, also where the widget does not need one. Default: false. */
	readonly requireVerifiedEmail?: boolean | undefined;
	/** Environment variables. Default: `process.env` where the runtime has it. */
	readonly env?: Environment | undefined;
	/** Milliseconds since the epoch. Default: `Date.now`. */
	readonly now?: (() => number) | undefined;
	/** A fresh token id. Default: `crypto.randomUUID`. */
	readonly jti?: (() => string) | undefined;
}

/** The longest token in bytes: what servers commonly accept as one header line. */
export const maximumTokenBytes = 8192;

/**
 * Binds a contract to its key and settings: a function from a verified identity to a token.
 *
 * Options are checked here; the key and the settings are read at first use, so that a build needs no secret.
 *
 * @throws WidgetTokenError at construction: `contract_invalid`, `options_invalid`, `setting_unknown`, `role_unmapped`,
 * `claim_reserved`, `lifetime_invalid`. At the first token: `setting_missing`, `secret_…`. For each token:
 * `identity_invalid`, `email_unverified`, `claim_missing`, `claim_invalid`, `role_missing`, `token_too_large`,
 * `key_unavailable`.
 * @example
 * ```ts
 * import { createMint } from "@widget-token/core";
 * import { onPilot } from "@widget-token/widgets";
 *
 * const mint = createMint(onPilot, { role: (identity) => (identity.roles?.includes("staff") ? "admin" : "user") });
 * const { token, expiresIn } = await mint({ id: "u_1", provider: "my-app", email: "ada@example.com", emailVerified: true });
 * ```
 */
export function createMint<User = unknown>(contract: Contract, options: MintOptions<User> = {}): Mint<User> {
	const checked = defineContract(contract);
	const frozen = Object.freeze({ ...options });
	checkOptions(checked, frozen);
	const mint = checked.scheme === "hmac" ? createHmacMint(checked, frozen) : createJwtMint(checked, frozen);
	return Object.freeze(Object.assign(mint, { contract: checked }));
}

/** What is the same for all tokens of a key: kept in one object, which is then all that a token has to look up. */
interface Ready extends ConfiguredClaims {
	readonly signer: TextSigner;
	readonly validUntil: number | undefined;
	/** The encoded header with the dot after it. */
	readonly header: string;
}

type MintFunction<User> = (identity: Identity<User>) => Promise<MintedToken>;

function createJwtMint<User>(contract: JwtContract, options: MintOptions<User>): MintFunction<User> {
	const { role, claims, now = Date.now, jti = () => crypto.randomUUID() } = options;
	const expiresIn = options.lifetimeSeconds ?? contract.lifetime.defaultSeconds;
	const env = options.env ?? runtimeEnvironment();
	const signingKey = createSigningKeySource(contract, { secret: options.secret, env, now });
	const encodeClaims = claimsEncoderOf(contract, options);
	let ready: Ready | undefined;
	const prepare = async (): Promise<Ready> => {
		const { kid: ownKid, signer, validUntil } = await signingKey();
		const settings = readSettings(contract, options.settings, env);
		const kid = contract.header?.kid === undefined ? ownKid : settings[contract.header.kid];
		return { signer, validUntil, header: encodeHeader(contract.algorithm, kid), ...configureClaims(contract, settings) };
	};

	return async (identity) => {
		checkIdentity(identity);
		if (ready === undefined || (ready.validUntil !== undefined && now() >= ready.validUntil)) ready = await prepare();
		const configured = ready;
		const roleOrPromise = role?.(identity, identity.user as User);
		const issuedAt = Math.floor(now() / 1000);
		const inputs: ClaimInputs = {
			issuedAt,
			expirationTime: issuedAt + expiresIn,
			uuid: jti,
			role: isPromise(roleOrPromise) ? await roleOrPromise : roleOrPromise,
			custom: claims === undefined ? noClaims : await readCustomClaims(claims, identity),
			configured,
		};
		const signingInput = configured.header + encodeBase64Url(encodeClaims(identity, inputs));
		const signature = configured.signer.sign(signingInput);
		const token = `${signingInput}.${isPromise(signature) ? await signature : signature}`;
		if (token.length > maximumTokenBytes) throw new WidgetTokenError("token_too_large", { detail: `${contract.id}, ${token.length} bytes` });
		return { token, expiresIn };
	};
}

function createHmacMint<User>(contract: HmacContract, options: MintOptions<User>): MintFunction<User> {
	const env = options.env ?? runtimeEnvironment();
	const signingKey = createSigningKeySource(contract, { secret: options.secret, env, now: options.now ?? Date.now });
	const message = compileMessage(contract, options);
	return async (identity) => {
		checkIdentity(identity);
		const { signer } = await signingKey();
		return { token: await signer.sign(message(identity)) };
	};
}

const encodeBase64Url = createBase64UrlEncoder();

const encodeHeader = createHeaderEncoder();

// Most keys have no id of their own, so nearly all tokens of an algorithm share one header.
function createHeaderEncoder(): (alg: Algorithm, kid: string | undefined) => string {
	const withoutKid = new Map<Algorithm, string>();
	const encode = (alg: Algorithm, kid: string | undefined): string => `${encodeBase64Url(JSON.stringify({ alg, typ: "JWT", kid }))}.`;
	return (alg, kid) => {
		if (kid !== undefined) return encode(alg, kid);
		const header = withoutKid.get(alg) ?? encode(alg, kid);
		withoutKid.set(alg, header);
		return header;
	};
}

const claimsEncoderOf = createClaimsEncoderCache();

// Ten thousand tenants of one vendor share one compiled contract, which then stays in the processor's cache.
function createClaimsEncoderCache(): (contract: JwtContract, policy: EmailPolicy) => ClaimsEncoder {
	const encoders = new WeakMap<JwtContract, Map<string, ClaimsEncoder>>();
	return (contract, { allowUnverifiedEmail = false, requireVerifiedEmail = false }) => {
		const ofContract = encoders.get(contract) ?? new Map<string, ClaimsEncoder>();
		encoders.set(contract, ofContract);
		const policy = `${allowUnverifiedEmail} ${requireVerifiedEmail}`;
		const encoder = ofContract.get(policy) ?? compileClaims(contract, { allowUnverifiedEmail, requireVerifiedEmail });
		ofContract.set(policy, encoder);
		return encoder;
	};
}

function checkOptions<User>(contract: Contract, options: MintOptions<User>): void {
	const { settings = {}, role, claims, lifetimeSeconds, allowUnverifiedEmail, requireVerifiedEmail } = options;
	const refuse = (detail: string): never => {
		throw new WidgetTokenError("options_invalid", { detail });
	};
	const known = Object.keys(contract.settings ?? {});
	for (const name of Object.keys(settings)) {
		if (!known.includes(name)) throw new WidgetTokenError("setting_unknown", { detail: `${name}; ${contract.id} has ${known.join(", ") || "none"}` });
	}
	if (allowUnverifiedEmail === true && requireVerifiedEmail === true) refuse("`allowUnverifiedEmail` and `requireVerifiedEmail` exclude each other");
	if (contract.scheme === "hmac") {
		if (role !== undefined || claims !== undefined || lifetimeSeconds !== undefined) refuse(`${contract.id} has no claims and no lifetime`);
		return;
	}
	if (lifetimeSeconds !== undefined && !(Number.isSafeInteger(lifetimeSeconds) && lifetimeSeconds >= 1 && lifetimeSeconds <= contract.lifetime.maximumSeconds)) {
		throw new WidgetTokenError("lifetime_invalid", { detail: `\`lifetimeSeconds\` of ${contract.id} is a whole number from 1 to ${contract.lifetime.maximumSeconds}` });
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
	const names = new Set(rules.map(({ nameSetting }) => (nameSetting === undefined ? undefined : readSetting(nameSetting, contract, settings, env))));
	for (const name of typeof claims === "function" ? [] : Object.keys(claims)) checkCustomClaim(name, contract, names);
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
	return typeof value === "object" && typeof (value as { then?: unknown } | null)?.then === "function";
}

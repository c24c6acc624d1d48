import { createBase64UrlEncoder } from "#signing";
import { callWithin, createClock, isPromise, runtimeEnvironment, WidgetTokenError } from "../base/index.ts";
import { type Algorithm, type Contract, type HmacContract, type JwtContract, readSettings, requireSealed } from "../contract/index.ts";
import { applyEmailPolicy, checkIdentity, type EmailPolicy, type Identity, readPlainEmail } from "../identity/index.ts";
import { createSigningKeySource, type TextSigner } from "../keys/index.ts";
import type { ClaimInputs, ConfiguredClaims } from "./claim-members.ts";
import { type ClaimsEncoder, compileClaims, compileMessage, configureClaims } from "./claims.ts";
import { readCustomClaims } from "./custom-claims.ts";
import { checkMintOptions, type MintOptions } from "./mint-options.ts";

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

/** The longest token in bytes: what servers commonly accept as one header line. */
export const maximumTokenBytes = 8192;

/**
 * Binds a contract to its key and settings: a function from a verified identity to a token.
 *
 * Options are checked here; the key and the settings at first use, so that a build needs no secret. A contract of your own
 * goes through `defineContract` first, once for all tenants; those of `@widget-token/widgets` have been checked.
 *
 * @throws WidgetTokenError at construction: `contract_invalid`, `options_invalid`, `setting_unknown`, `role_unmapped`,
 * `claim_reserved`, `lifetime_invalid`. At the first token: `setting_missing`, `secret_…`. For each token:
 * `provider_misconfigured` (no `id`), `identity_invalid`, `email_unverified`, `claim_missing`, `claim_invalid`, `role_missing`,
 * `token_too_large`, `options_invalid` (`now` or `jti` gave nonsense), `key_unavailable`.
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
	const checked = requireSealed(contract);
	const frozen = Object.freeze({ ...options });
	checkMintOptions(checked, frozen);
	const mint = checked.scheme === "hmac" ? createHmacMint(checked, frozen) : createJwtMint(checked, frozen);
	return Object.freeze(Object.assign(mint, { contract: checked }));
}

/** What is the same for all tokens of a key. */
interface Ready extends ConfiguredClaims {
	readonly signer: TextSigner;
	/** The encoded header with the dot after it. */
	readonly header: string;
	/** Milliseconds since the epoch at which the key's source is to be asked again; undefined for a key that stays. */
	readonly validUntil: number | undefined;
}

const roleFunction = { what: "the function of the `role` option", late: "provider_timeout" } as const;

type Preparation = () => Promise<Ready>;

type MintFunction<User> = (identity: Identity<User>) => Promise<MintedToken>;

function createJwtMint<User>(contract: JwtContract, options: MintOptions<User>): MintFunction<User> {
	const { role, claims, jti = randomId } = options;
	const now = createClock(options.now);
	const expiresIn = options.lifetimeSeconds ?? contract.lifetime.defaultSeconds;
	const encodeClaims = claimsEncoderOf(contract, options);
	const hasCallbacks = role !== undefined || claims !== undefined;
	let prepare: Preparation | undefined = createPreparation(contract, options, now);
	let ready: Ready | undefined;

	return async (identity) => {
		const plainId = checkIdentity(identity);
		if (ready === undefined || (ready.validUntil !== undefined && now() >= ready.validUntil)) {
			ready = await (prepare as Preparation)();
			// Beside a key that stays nothing of its source is kept, which halves the memory of ten thousand tenants.
			if (ready.validUntil === undefined) prepare = undefined;
		}
		const { signer, header, text, names } = ready;
		const plainEmail = hasCallbacks ? readPlainEmail(identity, options) : undefined;
		const isShareable = !hasCallbacks || (plainId !== undefined && plainEmail !== undefined);
		const shared = isShareable ? identity : applyEmailPolicy(identity, options);
		const roleOrPromise = role && callWithin(roleFunction, () => role(shared, identity.user as User));
		const issuedAt = Math.floor(now() / 1000);
		const inputs: ClaimInputs = {
			issuedAt,
			expirationTime: issuedAt + expiresIn,
			jti,
			plainId,
			plainEmail,
			role: isPromise(roleOrPromise) ? await roleOrPromise : roleOrPromise,
			custom: claims === undefined ? undefined : await readCustomClaims(claims, shared),
			text,
			names,
		};
		const signingInput = header + encodeBase64Url(encodeClaims(identity, inputs));
		const signature = signer.sign(signingInput);
		const token = `${signingInput}.${isPromise(signature) ? await signature : signature}`;
		if (token.length > maximumTokenBytes)
			throw new WidgetTokenError("token_too_large", { detail: `${contract.id}, ${token.length} bytes` });
		return { token, expiresIn };
	};
}

function createPreparation<User>(contract: JwtContract, options: MintOptions<User>, now: () => number): Preparation {
	const env = options.env ?? runtimeEnvironment();
	const signingKey = createSigningKeySource(contract, { secret: options.secret, env, now });
	return async () => {
		const { kid: ownKid, signer, validUntil } = await signingKey();
		const settings = readSettings(contract, options.settings, env);
		const kid = contract.header?.kid === undefined ? ownKid : settings[contract.header.kid];
		const { text, names } = configureClaims(contract, settings);
		return { signer, header: encodeHeader(contract.algorithm, kid), validUntil, text, names };
	};
}

function randomId(): string {
	return crypto.randomUUID();
}

function createHmacMint<User>(contract: HmacContract, options: MintOptions<User>): MintFunction<User> {
	const env = options.env ?? runtimeEnvironment();
	const signingKey = createSigningKeySource(contract, { secret: options.secret, env, now: createClock(options.now) });
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

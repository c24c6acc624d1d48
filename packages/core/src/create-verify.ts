import { createClock } from "./clock.ts";
import type { Contract } from "./contract.ts";
import { type Environment, runtimeEnvironment } from "./environment.ts";
import { WidgetTokenError } from "./errors.ts";
import { toWidgetTokenError } from "./guard.ts";
import { requireSealed } from "./sealed-contract.ts";
import type { SecretSource } from "./secret.ts";
import { readSettings, type Settings } from "./settings.ts";
import { emitFailure, emitVerifyEvent, logVerifyFailures, type OnVerifyEvent } from "./verify-event.ts";
import { createHmacVerification } from "./verify-hmac.ts";
import { createJwtVerification } from "./verify-jwt.ts";
import { createKeyRing, type KeyLookup } from "./verify-keys.ts";
import { type Ask, createAsk, type PerTenant, type VerifyHint } from "./verify-lookup.ts";
import { checkVerifyOptions } from "./verify-options.ts";
import type { ReplayOptions } from "./verify-replay.ts";
import { refused, type VerifyResult } from "./verify-result.ts";
import { defaultClockToleranceSeconds } from "./verify-times.ts";

/** What the caller knows about a token beside the token itself. */
export interface VerifyContext {
	/** Whose token it should be, such as a bot's id from the route; handed to the look-ups as it is. */
	readonly tenant?: string | undefined;
	/** For a contract of the scheme `hmac`: the text that the token is the hash of, as the page has sent it. */
	readonly identifier?: string | undefined;
}

/** Tells what a token proves. It never throws for a token; it throws a `WidgetTokenError` when it cannot tell (503), or is set up wrongly (500). */
export interface Verify {
	(token: string, context?: VerifyContext): Promise<VerifyResult>;
	/** The contract that the tokens are held to. */
	readonly contract: Contract;
}

/** How the tokens of one widget are verified. */
export interface VerifyOptions {
	/**
	 * A tenant's own key or keys, which go before `secret`; null where it has none. Asked for each token, so that a
	 * revoked key refuses at once: keep the answers yourself where your store is slow.
	 */
	readonly keys?: KeyLookup | undefined;
	/**
	 * The key or keys for all: shared secrets, or public keys (of a private key its public half is used). All verify, so
	 * that a rotation is a list. A function is asked for each token. Default: the environment variable `contract.key.env`.
	 */
	readonly secret?: SecretSource | undefined;
	/** The address of the signer's JWK Set, for the algorithms of a key pair, instead of `secret`. */
	readonly jwksUrl?: string | URL | undefined;
	/** Refuses a key that a list or a cached JWK Set still holds. Tokens that do not name their key are refused then. */
	readonly isRevoked?: ((kid: string, hint: VerifyHint) => boolean | Promise<boolean>) | undefined;
	/** The contract's settings by name, such as the issuer; null for a tenant that does not exist. Default: their environment variables. */
	readonly settings?: PerTenant<Settings> | undefined;
	/** The roles that exist at the vendor; their case does not count. Default: any that the contract takes. */
	readonly knownRoles?: PerTenant<readonly string[]> | undefined;
	/** Refuses a token that was used before, for contracts with a `jti`. Default: not checked. */
	readonly replay?: ReplayOptions | undefined;
	/** Seconds by which the signer's clock may be off. Default: 5. */
	readonly clockToleranceSeconds?: number | undefined;
	/** Seconds that each look-up may take. Default: 5. */
	readonly timeoutSeconds?: number | undefined;
	/** Receives one event for each token. Default: failures (5xx) go to `console.error`, as those of `createTokenHandler`. */
	readonly onEvent?: OnVerifyEvent | undefined;
	/** Environment variables. Default: `process.env` where the runtime has it. */
	readonly env?: Environment | undefined;
	/** Milliseconds since the epoch. Default: `Date.now`. */
	readonly now?: (() => number) | undefined;
}

/** One scheme's verification: it answers for any token, and throws when it cannot tell. */
export type Verification = (token: unknown, context: VerifyContext) => VerifyResult | Promise<VerifyResult>;

/**
 * Binds a contract to its keys: a function that tells what a token of the widget proves, strictly.
 *
 * Options are checked here; keys and settings are read at the first token.
 *
 * @throws WidgetTokenError at construction: `contract_invalid`, `options_invalid`, `setting_unknown`. For a token only
 * when nothing can be told about it: `key_unavailable`, `replay_unavailable`, `setting_missing`, `secret_…`.
 * @example
 * ```ts
 * import { createVerify } from "@widget-token/core/verify";
 * import { hilal } from "@widget-token/widgets";
 *
 * const verify = createVerify(hilal, { keys: ({ tenant }) => secretOfBot(tenant), secret: process.env.WIDGET_JWT_HMAC_SECRET });
 * const result = await verify("eyJhbGciOiJIUzI1NiIs…", { tenant: "bot_1" });
 * if (result.verified) console.log(result.identity.id);
 * else console.log(result.reason, result.code, result.remedy);
 *
 * declare function secretOfBot(id: string | undefined): Promise<string | null>;
 * ```
 */
export function createVerify(contract: Contract, options: VerifyOptions = {}): Verify {
	const checked = requireSealed(contract);
	checkVerifyOptions(checked, options);
	const { onEvent = logVerifyFailures, timeoutSeconds = 5, clockToleranceSeconds = defaultClockToleranceSeconds, now } = options;
	const env = options.env ?? runtimeEnvironment();
	const ask = createAsk(timeoutSeconds);
	const keyRing = createKeyRing(checked, { ...options, timeoutSeconds, env, ask });
	const report = (error: unknown, tenant?: string, startedAt = performance.now()): void =>
		emitFailure(onEvent, error, { widget: checked.id, tenant, startedAt });
	const verification: Verification =
		checked.scheme === "hmac"
			? createHmacVerification(checked, keyRing)
			: createJwtVerification(checked, {
					keyRing,
					ask,
					now: createClock(now),
					clockToleranceSeconds,
					settings: createSettingsLookup(checked, options.settings, env, ask),
					knownRoles: options.knownRoles,
					replay: options.replay,
					reportOutage: report,
				});

	const verify = async (token: string, context: VerifyContext = noContext): Promise<VerifyResult> => {
		const startedAt = onEvent === logVerifyFailures ? 0 : performance.now();
		try {
			// A tenant of another type could be one and the same to a database, and another to the store of used tokens.
			const isTenant = context.tenant === undefined || typeof context.tenant === "string";
			const pending = isTenant ? verification(token, context) : refused("key_missing");
			const result = pending instanceof Promise ? await pending : pending;
			if (onEvent !== logVerifyFailures) {
				const about = result.verified
					? { outcome: "verified" as const }
					: { outcome: "refused" as const, code: result.code, claim: result.claim };
				emitVerifyEvent(onEvent, { ...about, widget: checked.id, tenant: context.tenant, durationMs: performance.now() - startedAt });
			}
			return result;
		} catch (error) {
			report(error, context.tenant, startedAt);
			throw toWidgetTokenError(error);
		}
	};
	return Object.freeze(Object.assign(verify, { contract: checked }));
}

/** Binds a contract; a verification that is bound already has its options. */
export function bindVerify(widget: Contract | Verify, options: VerifyOptions): Verify {
	if (typeof widget !== "function") return createVerify(widget, options);
	if (widget.contract === undefined)
		throw new WidgetTokenError("options_invalid", { detail: "`widget` is neither a contract nor what createVerify returned" });
	const misplaced = Object.keys(options).find((name) => name !== "onEvent" && options[name as keyof VerifyOptions] !== undefined);
	if (misplaced === undefined) return widget;
	throw new WidgetTokenError("options_invalid", {
		detail: `\`${misplaced}\` belongs to createVerify, which \`widget\` has been made with`,
	});
}

const noContext: VerifyContext = Object.freeze({});

/** The settings for a token; null for a tenant that does not exist. */
export type SettingsLookup = (hint: VerifyHint) => Settings | null | Promise<Settings | null>;

function createSettingsLookup(contract: Contract, settings: VerifyOptions["settings"], env: Environment, ask: Ask): SettingsLookup {
	const needed = Object.fromEntries(Object.entries(contract.settings ?? {}).filter(([name]) => isForClaims(name, contract)));
	const read = (values?: Settings | null): Settings => readSettings({ ...contract, settings: needed }, values ?? undefined, env);
	if (typeof settings === "function") {
		return async (hint) => {
			const values = await ask(() => settings(hint), "the function of the `settings` option");
			return values === null || values === undefined ? null : read(values);
		};
	}
	let kept: Settings | undefined;
	return () => {
		kept ??= read(settings);
		return kept;
	};
}

// Which key signs is for the signer to know; here the token's `kid` is looked up among the keys.
function isForClaims(setting: string, contract: Contract): boolean {
	if (contract.scheme !== "jwt" || contract.header?.kid !== setting) return true;
	return Object.values(contract.claims).some(
		(rule) => rule.nameSetting === setting || (rule.from === "setting" && rule.setting === setting),
	);
}

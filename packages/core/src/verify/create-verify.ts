import { createClock, type Environment, runtimeEnvironment, toWidgetTokenError, WidgetTokenError } from "../base/index.ts";
import { type Contract, readSettings, requireSealed, type Settings } from "../contract/index.ts";
import { checkVerifyOptions } from "./check-options.ts";
import { emitFailure, emitVerifyEvent, logVerifyFailures } from "./event.ts";
import { createHmacVerification } from "./hmac.ts";
import { createJwtVerification } from "./jwt.ts";
import { createKeyRing } from "./key-ring.ts";
import { type Ask, createAsk } from "./lookup.ts";
import type { VerifyOptions } from "./options.ts";
import { refused, type VerifyResult } from "./result.ts";
import { defaultClockToleranceSeconds } from "./times.ts";
import type { SettingsLookup, Verification, Verify, VerifyContext } from "./verification.ts";

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

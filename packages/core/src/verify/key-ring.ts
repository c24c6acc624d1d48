import { type Environment, isPromise, readVariable, WidgetTokenError } from "../base/index.ts";
import type { Contract } from "../contract/index.ts";
import {
	importVerifyingKey,
	isList,
	type SecretSource,
	type Secrets,
	type SecretValue,
	unusableKey,
	type VerifyingKey,
} from "../keys/index.ts";
import { createJwksLookup } from "./jwks.ts";
import type { Ask, VerifyHint } from "./lookup.ts";

/** The key or keys of a tenant; null where it has none. */
export type KeyLookup = (hint: VerifyHint) => Secrets | null | undefined | Promise<Secrets | null | undefined>;

export interface KeyRingOptions {
	readonly keys?: KeyLookup | undefined;
	readonly secret?: SecretSource | undefined;
	readonly jwksUrl?: string | URL | undefined;
	readonly isRevoked?: ((kid: string, hint: VerifyHint) => boolean | Promise<boolean>) | undefined;
	readonly timeoutSeconds: number;
	readonly env: Environment;
	readonly ask: Ask;
}

/** The keys that a token may be signed with, or why there are none. */
export type KeyChoice = readonly VerifyingKey[] | "key_missing" | "unknown_kid" | "key_revoked";

/**
 * Finds the keys for a token: the tenant's own, else the JWK Set's, else the ones for all.
 *
 * A look-up is asked for each token, so that a key it no longer gives refuses at once; only the imported form is kept.
 */
export function createKeyRing(contract: Contract, options: KeyRingOptions): (hint: VerifyHint) => KeyChoice | Promise<KeyChoice> {
	const { keys, secret, jwksUrl, isRevoked, timeoutSeconds, env, ask } = options;
	const importKey = createKeyImport(contract, env);
	const jwks = jwksUrl === undefined ? undefined : createJwksLookup(contract, jwksUrl, timeoutSeconds);
	let fixed: readonly VerifyingKey[] | undefined;

	const find = async (hint: VerifyHint): Promise<KeyChoice> => {
		if (isRevoked !== undefined) {
			// A key without a name could be the revoked one.
			if (hint.kid === undefined) return "unknown_kid";
			const { kid } = hint;
			if (await ask(() => isRevoked(kid, hint), "the function of the `isRevoked` option")) return "key_revoked";
		}
		const own = keys === undefined ? [] : toList(await ask(() => keys(hint), "the function of the `keys` option"));
		if (own.length > 0) return selectKeys(await importAll(own, `a key of the \`keys\` option of ${contract.id}`), hint.kid);
		if (jwks !== undefined) {
			const found = await ask(() => jwks(hint.kid), "the key set");
			return found.length === 0 ? "unknown_kid" : found;
		}
		const common = toList(
			typeof secret === "function"
				? await ask(() => secret(), "the function of the `secret` option")
				: (secret ?? readVariable(env, contract.key.env)),
		);
		if (common.length === 0) return "key_missing";
		const imported = await importAll(common, secret === undefined ? contract.key.env : `the \`secret\` option of ${contract.id}`);
		if (keys === undefined && isRevoked === undefined && typeof secret !== "function") fixed = imported;
		return selectKeys(imported, hint.kid);
	};
	const importAll = async (values: readonly SecretValue[], where: string): Promise<VerifyingKey[]> => {
		const imported = await Promise.all(values.map((value) => importKey(value, where)));
		checkDistinct(imported, where);
		return imported;
	};

	return (hint) => (fixed === undefined ? find(hint) : selectKeys(fixed, hint.kid));
}

// Which of the two a token means would be for chance to say (RFC 7517 §4.5).
function checkDistinct(keys: readonly VerifyingKey[], where: string): void {
	const ids = keys.map(({ kid }) => kid).filter((kid) => kid !== undefined);
	if (new Set(ids).size < ids.length) throw unusableKey(where, "has several keys of one `kid`");
}

// A key's id only narrows the choice down (RFC 8725 §3.10); a key that carries none fits every token.
function selectKeys(keys: readonly VerifyingKey[], kid: string | undefined): KeyChoice {
	if (kid === undefined || keys.every((key) => key.kid === undefined)) return keys;
	const chosen = keys.filter((key) => key.kid === undefined || key.kid === kid);
	return chosen.length === 0 ? "unknown_kid" : chosen;
}

function toList(secrets: Secrets | null | undefined): readonly SecretValue[] {
	if (secrets === undefined || secrets === null) return [];
	return isList(secrets) ? secrets : [secrets];
}

const keptTexts = 1000;

type KeyImport = (value: SecretValue, where: string) => VerifyingKey | Promise<VerifyingKey>;

function createKeyImport(contract: Contract, env: Environment): KeyImport {
	const byText = new Map<string, VerifyingKey>();
	const byObject = new WeakMap<object, VerifyingKey>();
	const keep = (value: SecretValue, key: VerifyingKey): VerifyingKey => {
		if (typeof value === "object") byObject.set(value, key);
		else {
			const oldest = byText.keys().next();
			if (byText.size >= keptTexts && !oldest.done) byText.delete(oldest.value);
			byText.set(value, key);
		}
		return key;
	};
	return (value, where) => {
		if (typeof value !== "string" && (typeof value !== "object" || value === null))
			throw new WidgetTokenError("secret_missing", { detail: where });
		const kept = typeof value === "object" ? byObject.get(value) : byText.get(value);
		if (kept !== undefined) return kept;
		const key = importVerifyingKey(value, contract, where, env);
		return isPromise(key) ? key.then((imported) => keep(value, imported)) : keep(value, key);
	};
}

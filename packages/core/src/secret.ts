import { encodeBytes } from "#signing";
import { type Algorithm, algorithms } from "./algorithms.ts";
import type { Contract } from "./contract.ts";
import { readVariable } from "./environment.ts";
import type { ErrorCode } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";

/** A key that stays in a KMS or an HSM: it signs there. */
export interface RemoteSigner {
	readonly alg: Algorithm;
	readonly kid?: string;
	/** Signs the bytes of the JWS signing input; the signal aborts after 5 seconds. */
	sign(data: Uint8Array, context: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}

/** What of node:crypto's `KeyObject` is needed, so that the core's types need no Node. */
export interface KeyObjectLike {
	readonly type: "secret" | "public" | "private";
	export(options?: { format: "jwk" }): unknown;
}

/** A key in any form: the text of the vendor's secret or of a PEM file, bytes, a JWK, a `CryptoKey`, a `KeyObject`, a remote signer. */
export type SecretValue = string | Secret | Uint8Array | ArrayBuffer | JsonWebKey | CryptoKey | KeyObjectLike | RemoteSigner;

/** One key, or a list during a rotation: the first signs, all verify. */
export type Secrets = SecretValue | readonly SecretValue[];

/** A key, or a function that fetches one; its answer is kept for 60 seconds, so a rotation needs no restart. */
export type SecretSource = Secrets | (() => Secrets | Promise<Secrets>);

/**
 * Wraps a secret so that it prints as `[redacted]`: in `console.log`, `util.inspect`, `JSON.stringify` and templates.
 *
 * @example
 * ```ts
 * import { Secret } from "@widget-token/core";
 *
 * const config = { secret: new Secret("from-your-secret-store") };
 * console.log(JSON.stringify(config)); // {"secret":"[redacted]"}
 * ```
 */
export class Secret {
	readonly #value: Exclude<SecretValue, Secret>;

	constructor(value: Exclude<SecretValue, Secret>) {
		this.#value = value;
		Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => "[redacted]" });
	}

	/** The secret itself. */
	reveal(): Exclude<SecretValue, Secret> {
		return this.#value;
	}

	toString(): string {
		return "[redacted]";
	}

	toJSON(): string {
		return "[redacted]";
	}
}

/** A copy of the bytes of a key; undefined where it is no bytes. Not by instanceof: they may come from another realm, as in an edge sandbox. */
export function readBytes(secret: SecretValue): Uint8Array<ArrayBuffer> | undefined {
	if (ArrayBuffer.isView(secret)) return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength).slice();
	return Object.prototype.toString.call(secret) === "[object ArrayBuffer]" ? new Uint8Array(secret as ArrayBuffer).slice() : undefined;
}

/** The prefixes by which bundlers publish a variable to browsers. */
export const publicPrefix: RegExp = /^(?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_|EXPO_PUBLIC_)/;

/** A set of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const placeholder = /^<.*>$|your[-_ ]|change[-_ ]?me|replace[-_ ]?(?:me|this|with)|placeholder|insert[-_ ]|example|x{6}|\.{3}/i;

/** Refuses the text of a secret by the name of the mistake. `where` is the variable or the option that it came from. */
export function checkSecretText(text: string, contract: Contract, where: string): void {
	const refuse = (code: ErrorCode, detail = where): never => {
		throw new WidgetTokenError(code, { detail });
	};
	if (text === "") refuse("secret_missing", `${where} is empty`);
	if (/^(["'`]).*\1\s*$/s.test(text)) refuse("secret_quoted");
	if (contract.key.encoding === "pem" || contract.key.encoding === "base64-pem") return;
	if (text.includes("-----BEGIN ")) refuse("secret_is_pem");
	// Binary that was read as text: a secret that is not what the file holds.
	if (/[^\P{Cc}\s]|\ufffd/u.test(text)) refuse("secret_invalid", `${where} is binary, not text; pass its bytes`);
	if (text.trimStart().startsWith("{") && text.includes('"kty"')) refuse("secret_is_jwk");
	if (text !== text.trim()) refuse("secret_whitespace");
	if (placeholder.test(text) || new Set(text).size < 6) refuse("secret_placeholder");
}

/** Refuses key bytes that are shorter than the hash (RFC 7518 §3.2) or than what the vendor issues. */
export function checkSecretLength(bytes: number, contract: Contract, where: string): void {
	const minimum = contract.key.minimumBytes ?? algorithms[contract.algorithm].minimumKeyBits / 8;
	if (bytes >= minimum) return;
	throw new WidgetTokenError("secret_too_short", { detail: `${where} has ${bytes} bytes; ${contract.algorithm} needs ${minimum}` });
}

/** Refuses a secret that a variable with a public prefix holds too: the bundler has put it into the browser's script. */
export function checkNotPublished(text: string, env: Environment): void {
	for (const name of variableNames(env)) {
		if (publicPrefix.test(name) && readVariable(env, name) === text) throw new WidgetTokenError("secret_public", { detail: name });
	}
}

// Deno refuses the list of all variables to a program that may read only some; the program then has no others to publish.
function variableNames(env: Environment): readonly string[] {
	try {
		return Object.keys(env);
	} catch {
		return [];
	}
}

// By the hash, so that the secrets of a rotation do not stay in memory.
const widgetOfHash = new Map<string, string>();

/** Refuses a secret that another widget of this process uses already: either vendor could sign for the other's widget. */
export async function checkNotShared(secret: string | Uint8Array<ArrayBuffer>, { id }: Contract): Promise<void> {
	const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
	const hash = encodeBytes(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), "hex");
	const widget = widgetOfHash.get(hash);
	if (widget !== undefined && widget !== id) throw new WidgetTokenError("secret_shared", { detail: `${widget} and ${id}` });
	widgetOfHash.set(hash, id);
}

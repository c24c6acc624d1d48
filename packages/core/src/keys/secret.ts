import type { Algorithm } from "../contract/index.ts";

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

/** A key whose bytes, or whose `CryptoKey`, are in this process. */
export type LocalSecret = Exclude<SecretValue, Secret | RemoteSigner>;

export function isList(secrets: Secrets | undefined): secrets is readonly SecretValue[] {
	return Array.isArray(secrets);
}

export function isRemoteSigner(secret: SecretValue): secret is RemoteSigner {
	return typeof (secret as RemoteSigner).sign === "function";
}

export function isKeyObject(secret: object): secret is KeyObjectLike {
	return typeof (secret as KeyObjectLike).export === "function";
}

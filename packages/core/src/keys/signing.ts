import type { AlgorithmRule } from "../contract/index.ts";

/** The hash functions that a contract's algorithm can name. */
export type Hash = AlgorithmRule["hash"];

/** How a signature is written as text: base64url in a JWS, hex for an identifier's hash. */
export type TextEncoding = "base64url" | "hex";

/** Signs a JWS signing input (base64url out), or the message of an HMAC contract (hex out). */
export interface TextSigner {
	sign(text: string): string | Promise<string>;
}

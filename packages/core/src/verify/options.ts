import type { Environment } from "../base/index.ts";
import type { Contract, Settings } from "../contract/index.ts";
import type { RateLimiter } from "../http/index.ts";
import type { SecretSource } from "../keys/index.ts";
import type { OriginRule } from "./cors.ts";
import type { OnVerifyEvent } from "./event.ts";
import type { KeyLookup } from "./key-ring.ts";
import type { PerTenant, VerifyHint } from "./lookup.ts";
import type { ReplayOptions } from "./replay-check.ts";
import type { VerifyBody } from "./request.ts";
import type { Verify } from "./verification.ts";

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

/** Options of `createVerifyHandler`; those of `createVerify` apply to a contract. */
export interface VerifyHandlerOptions extends VerifyOptions {
	/** The contract that the tokens are held to, or a verification that is bound already. */
	readonly widget: Contract | Verify;
	/** Whose token it should be, from the route or from the members of the body next to `token`. It is a claim of the page's: use it for look-ups only. */
	readonly tenant?: ((request: Request, body: VerifyBody) => string | undefined | Promise<string | undefined>) | undefined;
	/** Limits how often one client may ask, such as a limiter of `rate-limiter-flexible`. Needs `client`. */
	readonly rateLimiter?: RateLimiter | undefined;
	/** Who asks, such as the address of the connection; a header counts only where your own proxy sets it. Clients without one share a limit. */
	readonly client?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
	/** The origins whose pages may read the answer: exact ones, or a look-up. Cookies are never allowed. Default: none but the endpoint's own. */
	readonly allowedOrigins?: OriginRule | undefined;
}

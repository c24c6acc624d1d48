import { callWithin } from "../base/index.ts";

/** What a look-up of the integrator's is told. All of it comes from outside and proves nothing yet. */
export interface VerifyHint {
	/** The id of the contract. */
	readonly widget: string;
	/** The `kid` of the token's header. */
	readonly kid: string | undefined;
	/** Whose token it should be: what the caller has passed as `tenant`, such as a bot's id. */
	readonly tenant: string | undefined;
}

/** A value for every token, or a look-up of it. */
export type PerTenant<T> = T | ((hint: VerifyHint) => T | null | undefined | Promise<T | null | undefined>);

/** A look-up within its time. One that fails is an outage and no answer: whether there is a key stays unknown. */
export type Ask = <T>(look: () => T | Promise<T>, what: string, code?: "key_unavailable" | "replay_unavailable") => T | Promise<T>;

/** Binds look-ups to the time that each may take. */
export function createAsk(timeoutSeconds: number): Ask {
	const milliseconds = timeoutSeconds * 1000;
	return (look, what, code = "key_unavailable") => callWithin({ what, late: code, failed: code, milliseconds }, look);
}

/** Calls a function that reads the request, such as the one of `tenant`. What it throws is a mistake (500), not an outage. */
export type Read = <T>(option: string, read: () => T | Promise<T>) => T | Promise<T>;

/** Binds the functions that read a request to the time that each may take. */
export function createRead(timeoutSeconds: number): Read {
	const milliseconds = timeoutSeconds * 1000;
	return (option, read) => callWithin({ what: `the function of the \`${option}\` option`, late: "key_unavailable", milliseconds }, read);
}

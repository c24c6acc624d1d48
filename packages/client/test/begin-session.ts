import {
	createTokenSession,
	type TokenSession,
	TokenSessionError,
	type TokenSessionEvent,
	type TokenSessionOptions,
} from "@widget-token/client";
import { expect } from "vitest";
import { SimulatedEndpoint } from "./simulated-endpoint.ts";

/** A session, its endpoint, and what has happened. */
export interface BegunSession {
	readonly endpoint: SimulatedEndpoint;
	readonly session: TokenSession;
	readonly events: TokenSessionEvent[];
	/** Asks for a token, and returns the error that comes instead. */
	failureOf(): Promise<TokenSessionError>;
}

/** Begins a session at an endpoint of its own, with what happens to it. */
export function begin(options: Partial<TokenSessionOptions> = {}): BegunSession {
	const endpoint = new SimulatedEndpoint();
	const events: TokenSessionEvent[] = [];
	const session = createTokenSession({
		endpoint: "/api/widget-token",
		fetch: endpoint.fetch,
		onEvent: (event) => events.push(event),
		...options,
	});
	const failureOf = async (): Promise<TokenSessionError> => {
		const failure = await session.getToken().then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(failure).toBeInstanceOf(TokenSessionError);
		return failure as TokenSessionError;
	};
	return { endpoint, session, events, failureOf };
}

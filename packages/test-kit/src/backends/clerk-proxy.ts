import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** How the backend can fail: no answer, no connection, Clerk's rate limit (`Retry-After: 7`), an HTML page where JSON is expected. */
export type ClerkFailure = "slow" | "down" | "rate-limited" | "html";

/** Answers a request in the emulator's place, or returns undefined to let the emulator answer. */
export type ClerkAnswer = (request: Request) => Promise<Response | undefined>;

/** The part of the local backend that the SDK talks to. */
export interface ClerkProxy {
	readonly url: string;
	/** The requests that have come in, as `GET /v1/users/user_ada`. */
	readonly requests: readonly string[];
	fail(failure: ClerkFailure): void;
	restore(): void;
	close(): Promise<void>;
}

/**
 * Puts a loopback server in front of the emulator, on a free port of localhost.
 *
 * The SDK reads JSON only from a content type of exactly `application/json`; the emulator adds a charset.
 */
export async function startClerkProxy(emulatorUrl: string, answer: ClerkAnswer): Promise<ClerkProxy> {
	const requests: string[] = [];
	let failure: ClerkFailure | null = null;

	async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(incoming.url ?? "/", "http://localhost");
		requests.push(`${incoming.method ?? "GET"} ${url.pathname}`);
		if (failure !== null) {
			answerFailure(failure, response);
			return;
		}
		const body = await text(incoming);
		const request = new Request(url, {
			method: incoming.method ?? "GET",
			headers: readHeaders(incoming),
			...(body === "" ? {} : { body }),
		});
		const result = (await answer(request.clone())) ?? (await forward(request, emulatorUrl));
		response.writeHead(result.status, [...result.headers].flat());
		response.end(await result.text());
	}

	const server = createServer((incoming, response) => {
		handle(incoming, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));

	return {
		url: `http://localhost:${(server.address() as AddressInfo).port}`,
		requests,
		fail(next) {
			failure = next;
		},
		restore() {
			failure = null;
			// Those that hang in "slow" are cut off, so that nothing waits for them.
			server.closeAllConnections();
		},
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	};
}

function answerFailure(failure: ClerkFailure, response: ServerResponse): void {
	switch (failure) {
		case "slow":
			return;
		case "down":
			response.destroy();
			return;
		case "rate-limited":
			response.writeHead(429, { "content-type": "application/json", "retry-after": "7" });
			response.end(
				JSON.stringify({ errors: [{ code: "too_many_requests", message: "Too many requests", long_message: "Too many requests" }] }),
			);
			return;
		case "html":
			response.writeHead(200, { "content-type": "text/html" });
			response.end("<!doctype html><title>Maintenance</title>");
	}
}

async function forward(request: Request, emulatorUrl: string): Promise<Response> {
	const { pathname, search } = new URL(request.url);
	const body = await request.text();
	const answer = await fetch(new URL(pathname + search, emulatorUrl), {
		method: request.method,
		headers: { authorization: request.headers.get("authorization") ?? "", "content-type": "application/json" },
		...(body === "" ? {} : { body }),
	});
	return new Response(await answer.text(), { status: answer.status, headers: { "content-type": "application/json" } });
}

function readHeaders(incoming: IncomingMessage): Headers {
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers)) {
		if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
	}
	return headers;
}

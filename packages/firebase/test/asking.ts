import { inspect } from "node:util";
import type { TokenEvent, TokenHandler } from "@widget-token/core";
import { decodeJwt } from "jose";
import { expect, vi } from "vitest";

/** The widgets' keys: each vendor its own. */
export const env: Readonly<Record<string, string>> = {
	BESTCHATBOT_SIGNING_KEY: "bestchatbot-signing-key-of-the-firebase-tests",
	HILAL_WIDGET_HMAC_SECRET: "5f1c0e6b9a7d4e3f8c2b1a0d9e8f7c6b5a4d3e2f1c0b9a8d7e6f5c4b3a2d1e0f",
};

export interface Answer {
	readonly status: number;
	readonly code: string | undefined;
	readonly headers: Headers;
	/** The claims of the token, null where there is none. */
	readonly claims: Record<string, unknown> | null;
	readonly token: string | null;
}

/** Where a session token or a secret of the server would be seen if it leaked. */
export interface Witness {
	readonly onEvent: (event: TokenEvent) => void;
	/** `secrets`: what must not be seen either. */
	ask(handler: TokenHandler, request: Request, secrets?: readonly string[]): Promise<Answer>;
	release(): void;
}

/** Sends requests, and after each looks for its credential in the answer, the events, the console and the errors. */
export function createWitness(): Witness {
	const seen: unknown[] = [];
	const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
		vi.spyOn(console, name).mockImplementation((...line) => void seen.push(line)),
	);
	return {
		onEvent: (event) => void seen.push(event),
		async ask(handler, request, secrets = []) {
			const again = request.clone();
			const response = await handler(request);
			const text = await response.text();
			seen.push(text, [...response.headers]);
			// The same without HTTP: what an app would log of the error.
			await handler
				.tokenFor(again, { widget: new URL(again.url).searchParams.get("widget") ?? "bestchatbot" })
				.catch((error: unknown) => seen.push(error));
			const report = inspect(seen.splice(0), { depth: 20, maxStringLength: null, showHidden: true });
			for (const secret of [...credentialsOf(request), ...secrets]) expect(report.includes(secret), "the credential leaked").toBe(false);
			return toAnswer(response, text);
		},
		release() {
			for (const spy of spies) spy.mockRestore();
		},
	};
}

/** The credentials of a request and their parts, as far as they are long enough to be recognized. */
function credentialsOf(request: Request): string[] {
	const texts = [request.headers.get("authorization"), request.headers.get("cookie")].join(" ").split(/[\s;=,]+/);
	return ["server-access-token", ...texts.flatMap((text) => [text, ...text.split(".")])].filter(
		(part) => part.length > 40 || part.startsWith("server-"),
	);
}

export async function toAnswer(response: Response, text?: string): Promise<Answer> {
	const body = JSON.parse(text ?? (await response.text())) as { token?: string | null; code?: string };
	const token = body.token ?? null;
	return { status: response.status, code: body.code, headers: response.headers, token, claims: token === null ? null : decodeJwt(token) };
}

const address = "https://app.example.com/api/widget-token";

export function bearer(token: string, widget = "bestchatbot"): Request {
	return new Request(`${address}?widget=${widget}`, { headers: { authorization: `Bearer ${token}` } });
}

export function withHeaders(headers: Record<string, string>, widget = "bestchatbot"): Request {
	return new Request(`${address}?widget=${widget}`, { headers });
}

export function cookie(token: string, widget = "bestchatbot"): Request {
	return withHeaders({ cookie: `theme=dark; __session=${token}; lang=en` }, widget);
}

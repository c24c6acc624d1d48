import { createWidgetKeys, type WidgetKeys } from "@widget-token/test-kit/widget-keys";
import { decodeJwt, type JWTPayload } from "jose";

/** The widgets' keys of this run. */
export const keys: WidgetKeys = createWidgetKeys();

export const address = "https://app.example.com/api/widget-token";

export const confirmed = "2026-01-02T03:04:05Z";

export interface Answer {
	readonly status: number;
	/** A token's claims, null when nobody is signed in. */
	readonly claims: JWTPayload | null | undefined;
	readonly code: string | undefined;
	readonly headers: Headers;
	readonly text: string;
}

/** Asks an endpoint for a widget's token. */
export async function ask(
	handler: (request: Request) => Promise<Response>,
	headers: Readonly<Record<string, string>> = {},
	widget = "hilal",
): Promise<Answer> {
	const response = await handler(new Request(`${address}?widget=${widget}`, { headers }));
	const text = await response.text();
	const body = JSON.parse(text) as { token?: string | null; code?: string };
	const claims = typeof body.token === "string" ? decodeJwt(body.token) : body.token;
	return { status: response.status, claims, code: body.code, headers: response.headers, text };
}

export function bearer(token: string): { readonly authorization: string } {
	return { authorization: `Bearer ${token}` };
}

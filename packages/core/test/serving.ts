import {
	createTokenHandler,
	type Identity,
	type JwtContract,
	type TokenEvent,
	type TokenHandler,
	type TokenHandlerOptions,
	WidgetTokenError,
} from "@widget-token/core";
import { expect } from "vitest";
import { ada, contractWith, env, now } from "./minting.ts";

export const address = "https://app.example.com/api/widget-token";

/** A widget that takes everybody. */
export const widget: JwtContract = contractWith({ sub: { from: "identity", field: "id" } });

/** A widget that needs a verified e-mail address, with a key of its own. */
export const mailWidget: JwtContract = contractWith(
	{ email: { from: "identity", field: "email", required: true } },
	{ id: "mail", key: { env: "MAIL_SECRET", encoding: "utf8" } },
);

/** Who is signed in: the tests name the case in a header, as a browser would send a cookie. */
const cases: Readonly<Record<string, () => Identity | null>> = {
	ada: () => ada,
	nobody: () => null,
	expired: () => {
		throw new WidgetTokenError("credential_expired");
	},
	disabled: () => {
		throw new WidgetTokenError("user_disabled");
	},
	broken: () => {
		throw new Error("the provider printed session-token-4711");
	},
	outage: () => {
		throw new WidgetTokenError("provider_unavailable", { detail: "the provider answered 502", retryAfterSeconds: 17 });
	},
};

export interface Served {
	readonly handler: TokenHandler;
	readonly events: TokenEvent[];
	/** How often the provider was asked. */
	readonly identified: () => number;
}

/** A handler for the test's one widget, with what it has told and asked. */
export function serve(options: Partial<TokenHandlerOptions> = {}): Served {
	const events: TokenEvent[] = [];
	let calls = 0;
	const identify: TokenHandlerOptions["identify"] = async (request) => {
		calls++;
		return (cases[request.headers.get("x-case") ?? "ada"] as () => Identity | null)();
	};
	const widgets = options.widgets === undefined && options.widget === undefined ? { widget } : {};
	const handler = createTokenHandler({ env, now, identify, onEvent: (event) => void events.push(event), ...widgets, ...options });
	return { handler, events, identified: () => calls };
}

export function request(headers: Record<string, string> = {}, method = "GET", query = ""): Request {
	return new Request(address + query, { method, headers });
}

/** The members of a refusal's body. */
export async function problemOf(response: Response): Promise<{ title: string; status: number; code: string; remedy: string }> {
	expect(response.headers.get("content-type")).toBe("application/problem+json");
	return (await response.json()) as { title: string; status: number; code: string; remedy: string };
}

/** What every answer carries, whatever its status. */
export const protectiveHeaders: Readonly<Record<string, string>> = {
	"cache-control": "private, no-store, max-age=0",
	"cdn-cache-control": "no-store",
	vary: "Cookie, Authorization, Origin, Accept",
	"x-content-type-options": "nosniff",
	"cross-origin-resource-policy": "same-origin",
	"referrer-policy": "no-referrer",
};

export function expectProtected(headers: Headers): void {
	for (const [name, value] of Object.entries(protectiveHeaders)) expect(headers.get(name), name).toBe(value);
	expect(headers.has("set-cookie")).toBe(false);
}

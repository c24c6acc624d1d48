import type { JsonValue } from "@widget-token/core";

export type JsonObject = { readonly [name: string]: JsonValue };

/** What a token says, whether or not it is true; undefined for a part that cannot be read. */
export interface TokenText {
	readonly header: JsonObject | undefined;
	readonly payload: JsonObject | undefined;
}

/** Reads a JWT leniently and without verifying it: to show a developer what is in it, for nothing else. */
export function readTokenText(token: string): TokenText {
	const [header, payload] = token.length <= maximumLength ? token.split(".") : [];
	return { header: readSegment(header), payload: readSegment(payload) };
}

const maximumLength = 8192;

function readSegment(segment: string | undefined): JsonObject | undefined {
	try {
		const value = JSON.parse(Buffer.from(segment ?? "", "base64url").toString("utf8")) as unknown;
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
	} catch {
		return undefined;
	}
}

const providers: readonly (readonly [issuer: RegExp, provider: string])[] = [
	[/^https:\/\/(?:[\w-]+\.clerk\.accounts\.dev|clerk\.[\w.-]+)$/, "Clerk"],
	[/^https:\/\/(?:securetoken|session\.firebase)\.google\.com\//, "Firebase"],
	[/\/auth\/v1$/, "Supabase"],
	[/^https:\/\/[\w.-]+\.auth0\.com\/$/, "Auth0"],
];

/** The auth provider whose own session token this is: a mistake, for it must never reach a widget. */
export function findSessionProvider({ payload }: TokenText): string | undefined {
	const issuer = payload?.iss;
	return typeof issuer === "string" ? providers.find(([pattern]) => pattern.test(issuer))?.[1] : undefined;
}

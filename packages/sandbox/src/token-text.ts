import type { JsonValue } from "@widget-token/core";

export type JsonObject = { readonly [name: string]: JsonValue };

/** What a token says, whether or not it is true; null for a part that cannot be read. */
export interface TokenText {
	readonly header: JsonObject | null;
	readonly payload: JsonObject | null;
}

/** Reads a JWT leniently and without verifying it: to show a developer what is in it, for nothing else. */
export function readTokenText(token: unknown): TokenText {
	const [header, payload] = typeof token === "string" && token.length <= maximumLength ? token.split(".") : [];
	return { header: readSegment(header), payload: readSegment(payload) };
}

const maximumLength = 8192;

function readSegment(segment: string | undefined): JsonObject | null {
	if (segment === undefined) return null;
	try {
		const value = JSON.parse(Buffer.from(segment, "base64url").toString("utf8")) as unknown;
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
	} catch {
		return null;
	}
}

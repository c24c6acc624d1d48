import type { JsonValue } from "../contract/index.ts";
import { readNativeRequest } from "../http/index.ts";
import { readAtMost } from "./bounded-body.ts";
import type { VerificationCode } from "./codes.ts";
import { decodeUtf8 } from "./header.ts";
import { parseJsonObject } from "./strict-json.ts";

/** The members of the request's body. `token` is the one that is verified. */
export type VerifyBody = Readonly<Record<string, JsonValue>>;

// A token of 8 KiB, and as much again for what comes beside it.
const maximumBodyBytes = 16_384;

/** Reads `{ "token": "…" }` or a bare token, or says why there is none. A body that is too long is not read to its end. */
export async function readVerifyRequest(request: Request): Promise<VerifyBody | VerificationCode> {
	const parsed = parsedBody(request);
	if (typeof parsed === "object") return parsed;
	const bytes = parsed === undefined ? await readAtMost(request.body, maximumBodyBytes) : new TextEncoder().encode(parsed);
	if (bytes === undefined) return "too_large";
	const text = decodeUtf8(bytes)?.trim();
	if (text === undefined) return "token_missing";
	if (!text.startsWith("{")) return { token: text };
	const body = parseJsonObject(text);
	return typeof body === "string" ? "token_missing" : body;
}

// A body parser that ran before, as in Express, has taken the body away and left what it found on Node's request.
function parsedBody(request: Request): VerifyBody | string | undefined {
	const body = (readNativeRequest(request) as { readonly body?: unknown } | undefined)?.body;
	if (typeof body === "string") return body;
	return typeof body === "object" && body !== null && !ArrayBuffer.isView(body) ? (body as VerifyBody) : undefined;
}

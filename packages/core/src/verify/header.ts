import { decodeBase64Url } from "#verifying";
import type { JwtContract } from "../contract/index.ts";
import type { VerificationCode } from "./codes.ts";
import { parseJsonObject } from "./strict-json.ts";

/** What the header of a token may say: the name of its key. */
export interface TokenHeader {
	readonly kid: string | undefined;
}

export interface HeaderReader {
	/** Reads the first segment, or says why the token is refused for it. */
	read(segment: string): TokenHeader | VerificationCode;
	/** Keeps the reading of a segment that a key has vouched for: the next token of that key begins with the same text. */
	keep(segment: string, header: TokenHeader): void;
}

const keptSegments = 64;

/** Reads headers of a contract's tokens. The algorithm is the contract's: a header can only agree with it. */
export function createHeaderReader(contract: JwtContract): HeaderReader {
	const kept = new Map<string, TokenHeader>();
	let lastSegment: string | undefined;
	let lastHeader: TokenHeader | undefined;
	return {
		read: (segment) => {
			if (segment === lastSegment && lastHeader !== undefined) return lastHeader;
			if (segment.length > maximumHeaderLength) return "too_large";
			return kept.get(segment) ?? readHeader(segment, contract);
		},
		keep: (segment, header) => {
			if (header === lastHeader) return;
			lastSegment = segment;
			lastHeader = header;
			if (kept.size < keptSegments) kept.set(segment, header);
		},
	};
}

/** The longest header segment: three short members are all that a contract names, and it is parsed before the signature is checked. */
const maximumHeaderLength = 1024;
const maximumKidLength = 255;

function readHeader(segment: string, contract: JwtContract): TokenHeader | VerificationCode {
	const bytes = decodeBase64Url(segment);
	if (bytes === undefined) return "base64url_invalid";
	const text = decodeUtf8(bytes);
	if (text === undefined) return "header_invalid";
	const header = parseJsonObject(text);
	if (header === "duplicate") return "member_duplicated";
	if (header === "invalid") return "header_invalid";
	if (header.alg !== contract.algorithm) return "algorithm_not_allowed";
	if (Object.hasOwn(header, "crit") || Object.hasOwn(header, "b64")) return "critical_header";
	if (["jwk", "jku", "x5u", "x5c"].some((name) => Object.hasOwn(header, name))) return "embedded_key";
	const { cty } = header;
	if (cty !== undefined && typeof cty !== "string") return "header_invalid";
	// Those of an encrypted token (RFC 7516 §4.1), and of one within another (RFC 7519 §5.2).
	if (Object.hasOwn(header, "enc") || Object.hasOwn(header, "zip") || /^(?:application\/)?jwt$/i.test(cty ?? "")) return "payload_encoded";
	// A media type: its case does not count (RFC 7519 §5.1).
	if (header.typ !== undefined && !(typeof header.typ === "string" && header.typ.toUpperCase() === "JWT")) return "type_not_allowed";
	const { kid } = header;
	if (kid !== undefined && !(typeof kid === "string" && kid !== "" && kid.length <= maximumKidLength)) return "header_invalid";
	if (kid === undefined && contract.header?.kid !== undefined) return "unknown_kid";
	return { kid };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes; undefined where they are none. */
export function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string | undefined {
	try {
		return utf8.decode(bytes);
	} catch {
		return undefined;
	}
}

import { type ErrorCode, errorCodes } from "@widget-token/core";

/** Reads the code of the endpoint's problem document (RFC 9457); undefined where it has no code of ours. */
export function readProblemCode(json: Readonly<Record<string, unknown>> | undefined): string | undefined {
	return typeof json?.code === "string" && /^[a-z_]{1,40}$/.test(json.code) ? json.code : undefined;
}

/** Describes an answer's status in words, with our own error code where it has one. */
export function describeStatus(status: number, code: string | undefined): string {
	return code === undefined ? `status ${status}` : `status ${status} (${code})`;
}

/** Returns how to fix what an error code stands for, or `otherwise` for a code that is not ours. */
export function remedyOf(code: string | undefined, otherwise = "See the server's log."): string {
	return code !== undefined && Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode].remedy : otherwise;
}

/** The seconds of a `Retry-After` header (RFC 9110 §10.2.3); its form as a date is left to the default. */
export function parseRetryAfter(value: unknown): { retryAfterSeconds?: number } {
	return typeof value === "string" && /^\d{1,5}$/.test(value) ? { retryAfterSeconds: Number(value) } : {};
}

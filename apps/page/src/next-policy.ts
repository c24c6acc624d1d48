/** Where the vendors' scripts are from. */
export const sandboxUrl = process.env.SANDBOX_URL ?? "http://127.0.0.1:4600";

/** A policy that lets scripts run by nonce only; Next.js finds the nonce in it and marks its own. */
export function contentSecurityPolicy(nonce: string): string {
	return [
		"default-src 'none'",
		`script-src 'nonce-${nonce}' 'strict-dynamic'`,
		"style-src 'self'",
		`connect-src 'self' ${sandboxUrl}`,
		`frame-src ${sandboxUrl}`,
		"img-src 'self' data:",
		"font-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join("; ");
}

/** A request's headers with a policy of its own, and the policy for the response. */
export function withPolicy(request: Request): { readonly headers: Headers; readonly policy: string } {
	const nonce = btoa(crypto.randomUUID());
	const headers = new Headers(request.headers);
	const policy = contentSecurityPolicy(nonce);
	headers.set("content-security-policy", policy);
	headers.set("x-nonce", nonce);
	return { headers, policy };
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run
import { javascriptLiteral as literal } from "../literals.ts";
import type { RecipePlan } from "../plan.ts";
import { comment, joinLines, type Lines } from "../source.ts";
import { javascriptFunction } from "./signer.ts";

/** A module that exports `respond(request, env)`: the endpoint that a page asks for its token, on any host of the web standard. */
export function endpointModule(plan: RecipePlan, signer: string): string {
	const isJwt = plan.scheme === "jwt";
	const sign = javascriptFunction(plan);
	return joinLines(
		'import { CredentialError, readUser } from "./read-user.mjs";',
		`import { IdentityError, ${isJwt && plan.answer.format === "json" ? "lifetimeSeconds, " : ""}${sign} } from "./${signer}";`,
		"",
		"// On every answer: a cached token is a token of somebody else, sooner or later.",
		"const protectiveHeaders = {",
		'\t"cache-control": "private, no-store, max-age=0",',
		'\t"cdn-cache-control": "no-store",',
		'\tvary: "Authorization, Cookie, Origin",',
		'\t"x-content-type-options": "nosniff",',
		'\t"cross-origin-resource-policy": "same-origin",',
		'\t"referrer-policy": "no-referrer",',
		"};",
		"",
		"/**",
		comment(" * ", `Answers a page of the app with ${isJwt ? "a token" : "the hash"} of its signed-in user for ${plan.name}.`),
		" *",
		" * @param {Request} request",
		" * @param {Record<string, string | undefined>} env The environment variables",
		" * @returns {Promise<Response>}",
		" */",
		"export async function respond(request, env) {",
		"\tconst cors = corsHeaders(request, env);",
		'\tif (cors === undefined) return problem(403, "cross_site_request", "A page of another site may not ask", "Add its origin to ALLOWED_ORIGINS");',
		'\tif (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { ...protectiveHeaders, ...cors, ...preflight } });',
		'\tif (request.method !== "GET" && request.method !== "POST") {',
		'\t\treturn problem(405, "method_not_allowed", "The endpoint takes GET and POST", "Ask with GET", { ...cors, allow: "GET, POST, OPTIONS" });',
		"\t}",
		"",
		"\tlet user;",
		"\ttry {",
		"\t\tuser = await readUser(request, env);",
		"\t} catch (error) {",
		'\t\tif (error instanceof CredentialError) return problem(401, "credential_invalid", error.message, "Sign in again", cors);',
		"\t\tconsole.error(`The signed-in user could not be read: ${error.message}`);",
		'\t\treturn problem(503, "provider_unavailable", "The signed-in user could not be read", "Try again; the server\'s log has the cause", { ...cors, "retry-after": "10" });',
		"\t}",
		signedOutLines(plan),
		"",
		"\ttry {",
		`\t\tconst token = await ${sign}(user, env);`,
		`\t\t${answerCode(plan)}`,
		"\t} catch (error) {",
		'\t\tif (error instanceof IdentityError) return problem(403, "identity_insufficient", error.message, "Complete the account", cors);',
		"\t\tconsole.error(`The token could not be made: ${error.message}`);",
		'\t\treturn problem(500, "internal_error", "The token could not be made", "The server\'s log has the cause", cors);',
		"\t}",
		"}",
		"",
		"const preflight = {",
		'\t"access-control-allow-methods": "GET, POST",',
		'\t"access-control-allow-headers": "Authorization, Content-Type, Accept",',
		'\t"access-control-max-age": "600",',
		"};",
		"",
		"/** The CORS headers for the page that asks; undefined for one that may not. Only exact origins of ALLOWED_ORIGINS may, and its own. */",
		"function corsHeaders({ headers, url }, env) {",
		'\tconst origin = headers.get("origin");',
		'\tconst allowed = (env.ALLOWED_ORIGINS ?? "").split(",").map((each) => each.trim());',
		"\tif (origin !== null && allowed.includes(origin)) {",
		'\t\treturn { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" };',
		"\t}",
		"\t// Browsers set this themselves; no script can.",
		'\tconst site = headers.get("sec-fetch-site");',
		'\tif (site === "same-origin") return {};',
		'\tconst isForeign = site === "cross-site" || (origin !== null && origin !== new URL(url).origin);',
		"\treturn isForeign ? undefined : {};",
		"}",
		"",
		"/** An error in the form of RFC 9457. */",
		"function problem(status, code, title, remedy, headers = {}) {",
		'\tconst problemHeaders = { ...protectiveHeaders, ...headers, "content-type": "application/problem+json" };',
		"\treturn new Response(JSON.stringify({ title, status, code, remedy }), { status, headers: problemHeaders });",
		"}",
	);
}

function signedOutLines({ answer }: RecipePlan): Lines {
	if (answer.format === "text") return '\tif (user === null) return problem(401, "not_signed_in", "Nobody is signed in", "Sign in", cors);';
	return `\tif (user === null) return Response.json({ ${memberCode(answer.member)}: null }, { headers: { ...protectiveHeaders, ...cors } });`;
}

function answerCode({ answer, scheme }: RecipePlan): string {
	if (answer.format === "text")
		return 'return new Response(token, { headers: { ...protectiveHeaders, ...cors, "content-type": "text/plain; charset=utf-8" } });';
	const member = answer.member === "token" ? "token" : `${memberCode(answer.member)}: token`;
	const lifetime = scheme === "jwt" ? ", expiresIn: lifetimeSeconds" : "";
	return `return Response.json({ ${member}${lifetime} }, { headers: { ...protectiveHeaders, ...cors } });`;
}

function memberCode(member: string): string {
	return /^[A-Za-z_]\w*$/.test(member) && member !== "__proto__" ? member : `[${literal(member)}]`;
}

/** The stable id of a check. */
export type CheckId =
	| "key-present"
	| "key-quotes"
	| "key-whitespace"
	| "key-placeholder"
	| "key-length"
	| "key-form"
	| "key-expansion"
	| "key-public-copy"
	| "key-shared"
	| "key-in-example"
	| "key-in-build"
	| "env-file-ignored"
	| "setting-present"
	| "variable-present"
	| "packages"
	| "unwritten"
	| "wired-up"
	| "lifetime-in-code"
	| "emulator"
	| "middleware"
	| "authorized-parties"
	| "provider-sdk"
	| "clock"
	| "reachable"
	| "answers"
	| "login-redirect"
	| "html-answer"
	| "token-shape"
	| "nobody"
	| "post"
	| "methods"
	| "own-origin"
	| "foreign-origin"
	| "cross-site"
	| "null-origin"
	| "preflight"
	| "cache-control"
	| "cdn-cache-control"
	| "vary"
	| "nosniff"
	| "resource-policy"
	| "referrer-policy"
	| "cache-hit"
	| "forged-credential"
	| "identity-in-request"
	| "user-token"
	| "two-subjects"
	| "cross-talk"
	| "reused-token"
	| "provider-token"
	| "bare-token"
	| "token-verifies"
	| "token-claims"
	| "extra-claims"
	| "token-lifetime"
	| "expires-in";

/** The part of the report that a check belongs to. */
export type CheckGroup = "Project" | "Endpoint" | "Users" | "Token";

/** One row of the table of checks. */
export interface CheckDescription {
	readonly group: CheckGroup;
	/** What a healthy project shows. A finding may say it more exactly. */
	readonly expected: string;
}

const table: Record<CheckId, readonly [group: CheckGroup, expected: string]> = {
	"key-present": ["Project", "a value for the widget's key, where the server reads it"],
	"key-quotes": ["Project", "the key without quotation marks around it"],
	"key-whitespace": ["Project", "the key without a space or a line break around it"],
	"key-placeholder": ["Project", "the real key, not a placeholder"],
	"key-length": ["Project", "a key as long as the algorithm needs"],
	"key-form": ["Project", "a key in the form that the widget's contract names"],
	"key-expansion": ["Project", "no dollar sign that Next.js would expand"],
	"key-public-copy": ["Project", "no copy of the key in a variable that bundlers publish"],
	"key-shared": ["Project", "a key that serves this one widget and nothing else"],
	"key-in-example": ["Project", "no real key in an example file, which is committed"],
	"key-in-build": ["Project", "no key in the files that a build has written"],
	"env-file-ignored": ["Project", "git ignores the env file that holds the key"],
	"setting-present": ["Project", "a value for each setting that the widget needs, where the server reads it"],
	"variable-present": ["Project", "a value for each variable that the auth provider and the page need"],
	packages: ["Project", "each package of ours that the code imports"],
	unwritten: ["Project", "code without what init has left to write"],
	"wired-up": ["Project", "an app that serves the endpoint and shows the widget"],
	"lifetime-in-code": ["Project", "a lifetime within the vendor's advice"],
	emulator: ["Project", "no emulator and no local auth backend in production"],
	middleware: ["Project", "Clerk's middleware runs for the token's route"],
	"authorized-parties": ["Project", "Clerk's authorised parties are the app's own origins, also where it is deployed"],
	"provider-sdk": ["Project", "an auth SDK in the range that is supported"],
	clock: ["Project", "this clock and the server's within 5 s"],

	reachable: ["Endpoint", "an answer from the address"],
	answers: ["Endpoint", "status 200"],
	"login-redirect": ["Endpoint", "an answer of the route itself, no redirect"],
	"html-answer": ["Endpoint", "JSON, not a page"],
	"token-shape": ["Endpoint", "a JSON object with the member token: a string, or null"],
	nobody: ["Endpoint", 'status 200 and { "token": null } where nobody is signed in'],
	post: ["Endpoint", "the same answer to POST, with which @widget-token/client asks"],
	methods: ["Endpoint", "status 405 for other methods than GET and POST"],
	"own-origin": ["Endpoint", "the same answer to a page of the endpoint's own origin"],
	"foreign-origin": ["Endpoint", "status 403 for the page of another origin, and no CORS header for it"],
	"cross-site": ["Endpoint", "status 403 for a request of another site"],
	"null-origin": ["Endpoint", "status 403 for the origin null, as a sandboxed frame has it"],
	preflight: ["Endpoint", "no Access-Control-Allow-Origin for a foreign origin"],
	"cache-control": ["Endpoint", "Cache-Control: private, no-store, max-age=0"],
	"cdn-cache-control": ["Endpoint", "CDN-Cache-Control: no-store"],
	vary: ["Endpoint", "Vary: Cookie, Authorization, Origin, Accept"],
	nosniff: ["Endpoint", "X-Content-Type-Options: nosniff"],
	"resource-policy": ["Endpoint", "Cross-Origin-Resource-Policy: same-origin"],
	"referrer-policy": ["Endpoint", "Referrer-Policy: no-referrer"],
	"cache-hit": ["Endpoint", "an answer made for this request, not one from a cache"],
	"forged-credential": ["Endpoint", "no token for a credential that nobody has signed"],
	"identity-in-request": ["Endpoint", "an identity from the session alone"],

	"user-token": ["Users", "a token for a user who is signed in"],
	"two-subjects": ["Users", "a subject of one's own for each user"],
	"cross-talk": ["Users", "each answer for the user who has asked"],
	"reused-token": ["Users", "a fresh token for each request"],
	"provider-token": ["Users", "the session's own credential nowhere in the answer"],
	"bare-token": ["Users", "the bare token for Accept: text/plain, as the widget's page asks"],

	"token-verifies": ["Token", "a token that verifies with the widget's key"],
	"token-claims": ["Token", "the claims of the widget's contract"],
	"extra-claims": ["Token", "no claim that the widget has no use for"],
	"token-lifetime": ["Token", "a lifetime within the vendor's advice"],
	"expires-in": ["Token", "expiresIn: the seconds that the token has left"],
};

/** Every check, in the order of the report. */
export const checks: Readonly<Record<CheckId, CheckDescription>> = Object.freeze(
	Object.fromEntries(Object.entries(table).map(([check, [group, expected]]) => [check, Object.freeze({ group, expected })])),
) as Record<CheckId, CheckDescription>;

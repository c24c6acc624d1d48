/** The stable code of an error. */
export type ErrorCode =
	| "widget_required"
	| "widget_unknown"
	| "not_signed_in"
	| "credential_invalid"
	| "credential_expired"
	| "credential_used"
	| "cross_site_request"
	| "user_anonymous"
	| "user_impersonated"
	| "user_disabled"
	| "session_pending"
	| "client_refused"
	| "tenant_mismatch"
	| "email_unverified"
	| "claim_missing"
	| "role_missing"
	| "identity_invalid"
	| "method_not_allowed"
	| "rate_limited"
	| "options_invalid"
	| "contract_invalid"
	| "setting_missing"
	| "setting_unknown"
	| "lifetime_invalid"
	| "role_unmapped"
	| "claim_reserved"
	| "claim_invalid"
	| "token_too_large"
	| "secret_missing"
	| "secret_too_short"
	| "secret_is_pem"
	| "secret_is_jwk"
	| "secret_placeholder"
	| "secret_quoted"
	| "secret_whitespace"
	| "secret_public"
	| "secret_shared"
	| "secret_invalid"
	| "emulator_in_production"
	| "provider_misconfigured"
	| "internal_error"
	| "provider_unavailable"
	| "provider_timeout"
	| "key_unavailable"
	| "limiter_unavailable"
	| "replay_unavailable";

/** One row of the table of errors. */
export interface ErrorDescription {
	readonly status: number;
	readonly title: string;
	readonly remedy: string;
}

/** HTTP status, a title that is safe to show to anybody, and the remedy. */
const table: Record<ErrorCode, readonly [status: number, title: string, remedy: string]> = {
	widget_required: [
		400,
		"The request does not say for which widget the token is",
		"Add ?widget=<id> to the address of the token endpoint.",
	],
	widget_unknown: [400, "This endpoint serves no widget of that id", "Use an id of a widget that the token handler was created with."],

	not_signed_in: [401, "Nobody is signed in", "Sign the visitor in, or show the widget without an identity."],
	credential_invalid: [
		401,
		"The session or token that was presented is not valid",
		"Sign in again; check that the app and the server use the same project, tenant and keys.",
	],
	credential_expired: [401, "The session or token that was presented has expired", "Refresh the session and ask again."],
	credential_used: [401, "The token that was presented has been used already", "Fetch a fresh token for each use."],

	cross_site_request: [
		403,
		"A page of another site asked for the token",
		"Add that page's exact origin to `allowedOrigins` if it is yours.",
	],
	user_anonymous: [
		403,
		"An anonymous user has no identity to prove",
		"Let the visitor sign in first, or show the widget without an identity.",
	],
	user_impersonated: [403, "The session is impersonated", "Sign in as the user; tokens are not issued to somebody who acts as another."],
	user_disabled: [403, "The user is banned, locked or disabled", "Enable the user at the auth provider."],
	session_pending: [
		403,
		"The session is not complete",
		"Finish the sign-in, for example the second factor or the choice of an organization.",
	],
	client_refused: [
		403,
		"The credential belongs to an application, not to a signed-in user",
		"Use the user's own session; machine, service and OAuth-client tokens are refused.",
	],
	tenant_mismatch: [403, "The user belongs to another tenant", "Sign in to the tenant that this endpoint is configured for."],
	email_unverified: [
		403,
		"The user's e-mail address is not verified",
		"Verify the address at the auth provider, or set `allowUnverifiedEmail`.",
	],
	claim_missing: [
		403,
		"The user lacks something that the widget requires",
		"Complete the user's profile, or map the claim in the options of the token handler.",
	],
	role_missing: [403, "The user has no role that the widget knows", "Return a role from the `role` option for this user."],
	identity_invalid: [403, "The user's profile holds text that cannot go into a token", "Correct the field that the server's log names."],

	method_not_allowed: [405, "The method is not allowed", "Use a method that the Allow header names."],
	rate_limited: [429, "Too many requests", "Wait for the time that Retry-After gives."],

	options_invalid: [500, "The options are not valid", "Correct the option that the message names."],
	contract_invalid: [
		500,
		"The contract is not valid",
		"Correct the member that the message names; the JSON Schema of the format is @widget-token/widgets/contract.schema.json.",
	],
	setting_missing: [500, "A setting of the widget is missing", "Set the environment variable, or pass it in `settings`."],
	setting_unknown: [500, "The widget has no such setting", "Use one of the names that the message lists."],
	lifetime_invalid: [500, "The lifetime is not allowed", "Give `lifetimeSeconds` as whole seconds within the widget's maximum."],
	role_unmapped: [
		500,
		"The widget requires a role and none is mapped",
		"Pass `role: (identity, user) => …`, from fields that the user cannot write.",
	],
	claim_reserved: [
		500,
		"The claim belongs to the widget's contract",
		"Remove it from `claims`; only the claims that the vendor documents as free-form can be added.",
	],
	claim_invalid: [500, "A claim has a value that the widget does not accept", "Return a value of the type that the message names."],
	token_too_large: [500, "The token would exceed 8 KiB", "Send fewer or shorter free-form claims."],
	secret_missing: [
		500,
		"The widget's secret is missing",
		"Set the environment variable to the value from the vendor's dashboard, or pass `secret`.",
	],
	secret_too_short: [500, "The widget's secret is too short", "Copy the whole value from the vendor's dashboard."],
	secret_is_pem: [
		500,
		"The widget's secret is a PEM file, and the widget signs with a shared secret",
		"Use the shared secret from the vendor's dashboard.",
	],
	secret_is_jwk: [500, "The widget's secret is the text of a JWK", "Pass the parsed JWK object, or the plain secret."],
	secret_placeholder: [500, "The widget's secret is a placeholder", "Replace it by the value from the vendor's dashboard."],
	secret_quoted: [500, "The widget's secret is wrapped in quotation marks", "Remove the quotation marks from the environment variable."],
	secret_whitespace: [500, "The widget's secret begins or ends with white space", "Remove the space or the line break around the value."],
	secret_public: [
		500,
		"The widget's secret is in a variable that is published to browsers",
		"Remove the variable with the public prefix and issue a new secret.",
	],
	secret_shared: [500, "The same secret is used for two widgets", "Use each vendor's own secret."],
	secret_invalid: [500, "The widget's secret cannot be used as a key", "Check its format against the vendor's page."],
	emulator_in_production: [500, "An auth emulator is configured in production", "Unset the emulator's environment variable."],
	provider_misconfigured: [500, "The auth provider is not set up for this route", "Follow the step that the message names."],
	internal_error: [500, "Something went wrong", "The server's log says what was thrown and where; with `onEvent`, its `error` does."],

	provider_unavailable: [503, "The auth provider could not be asked", "Try again."],
	provider_timeout: [503, "The auth provider did not answer in time", "Try again."],
	key_unavailable: [503, "The signing key could not be fetched", "Try again."],
	limiter_unavailable: [503, "The rate limiter could not be asked", "Try again."],
	replay_unavailable: [503, "The store of used tokens could not be asked", "Try again."],
};

/**
 * Every error code with its HTTP status, its title and its remedy.
 *
 * @example
 * ```ts
 * import { errorCodes } from "@widget-token/core";
 *
 * console.log(errorCodes.email_unverified.remedy);
 * ```
 */
export const errorCodes: Readonly<Record<ErrorCode, ErrorDescription>> = Object.freeze(
	Object.assign(
		// No member that every object has may pass for a code.
		Object.create(null),
		Object.fromEntries(Object.entries(table).map(([code, [status, title, remedy]]) => [code, Object.freeze({ status, title, remedy })])),
	),
) as Record<ErrorCode, ErrorDescription>;

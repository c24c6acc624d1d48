import { AuthClient, type JwtPayload, type User } from "@supabase/supabase-js";
import { type Identify, type Identity, WidgetTokenError } from "@widget-token/core";
import { type AccessToken, checkClaims, readAccessToken, readBearer, type TokenRules } from "./access-token.ts";
import { type Backend, connectBackend, readBackendError, withinTime } from "./backend.ts";
import { checkUser, identityOfClaims, identityOfUser } from "./identity.ts";
import { readProject, type SupabaseProject, type SupabaseProjectOptions } from "./project.ts";

/** How an access token is verified: by asking Supabase Auth for the user, or by the token's signature. */
export type SupabaseMode = "getUser" | "getClaims";

/** The raw user that the `role` and `claims` options get: the user of Supabase Auth, or the verified claims. */
export type SupabaseUser<Mode extends SupabaseMode = "getUser"> = Mode extends "getClaims" ? JwtPayload : User;

/** What is verified, and against which project. */
export interface SupabaseIdentifyOptions<Mode extends SupabaseMode = "getUser"> extends SupabaseProjectOptions {
	/**
	 * `getUser` (default) asks Supabase Auth at each request, so a ban, a sign-out and an unverified e-mail address are seen.
	 * `getClaims` checks the signature with the project's public keys, without a request once they are cached; it sees no
	 * ban and no sign-out until the token expires, and it cannot say whether the e-mail address is verified.
	 */
	readonly mode?: Mode | undefined;
	/**
	 * The `iss` of the tokens. Default: in the mode `getClaims` the project's URL with `/auth/v1`, for `getUser` not checked.
	 *
	 * Name it where the server reaches the project by another address than its users do, as with `supabase functions serve`.
	 */
	readonly issuer?: string | undefined;
	/** The `aud` of the tokens. Default: `authenticated`. */
	readonly audience?: string | undefined;
	/** The Postgres roles of signed-in users. Default: `authenticated`. `service_role` is refused in any case. */
	readonly postgresRoles?: readonly string[] | undefined;
	/** Lets in a session at `aal1` of a user who has a second factor. Default: false (`session_pending`). Seen only by `getUser`. */
	readonly allowPendingSecondFactor?: boolean | undefined;
}

/**
 * Reads the user of a Supabase access token in the `Authorization` header.
 *
 * Nobody is signed in without a bearer token, and with the project's publishable key in its place. An e-mail address is
 * verified when Supabase has `email_confirmed_at`: a project whose "Confirm email" is switched off sets it without a mail.
 * `user_metadata` gives only the name and the picture, for the user writes it; roles belong into `app_metadata`.
 *
 * Import path: `@widget-token/supabase`.
 *
 * @throws WidgetTokenError `credential_invalid`, `credential_expired`, `client_refused`, `user_anonymous`, `user_disabled`,
 * `session_pending`, `provider_unavailable`, `provider_timeout`, `provider_misconfigured`.
 * @example
 * ```ts
 * import { createTokenHandler } from "@widget-token/core";
 * import { createSupabaseIdentify } from "@widget-token/supabase";
 * import { jupid } from "@widget-token/widgets";
 *
 * const handler = createTokenHandler({ widget: jupid, identify: createSupabaseIdentify({ mode: "getClaims" }) });
 * ```
 */
export function createSupabaseIdentify<Mode extends SupabaseMode = "getUser">(
	options: SupabaseIdentifyOptions<Mode> = {},
): Identify<SupabaseUser<Mode>> {
	const frozen = checkIdentifyOptions(options);
	return async (request, { signal }) => {
		const bearer = readBearer(request);
		if (bearer === undefined) return null;
		const project = readProject(frozen);
		const token = readAccessToken(bearer, project.key);
		if (token === null) return null;
		const backend = connectBackend(signal);
		return verifyAccessToken({ auth: createAuth(project, backend), token, project, backend, options: frozen });
	};
}

/** What the verification uses of the SDK. */
type Verifier = Pick<InstanceType<typeof AuthClient>, "getUser" | "getClaims">;

interface Verification<Mode extends SupabaseMode> {
	readonly auth: Verifier;
	readonly token: AccessToken;
	readonly project: SupabaseProject;
	readonly backend: Backend;
	readonly options: SupabaseIdentifyOptions<Mode>;
}

/** The identity of an access token, verified by the SDK and then against what the SDK does not look at. */
export async function verifyAccessToken<Mode extends SupabaseMode>(
	verification: Verification<Mode>,
): Promise<Identity<SupabaseUser<Mode>>> {
	const { backend, token, options } = verification;
	const identity: Promise<Identity<User | JwtPayload>> =
		options.mode === "getClaims" ? verifyByClaims(verification) : verifyByUser(verification);
	try {
		return (await withinTime(backend.signal, identity)) as Identity<SupabaseUser<Mode>>;
	} catch (error) {
		throw readBackendError(error, backend, token.claims);
	}
}

async function verifyByUser(verification: Verification<SupabaseMode>): Promise<Identity<User>> {
	const user = await fetchUser(verification);
	checkClaims(verification.token.claims, tokenRules(verification.options, undefined));
	return identityOfUser(user);
}

async function verifyByClaims(verification: Verification<SupabaseMode>): Promise<Identity<JwtPayload>> {
	const { auth, token, project, backend, options } = verification;
	// Nobody but Supabase Auth can check a shared secret's signature. The SDK's getClaims asks as well, also for a key id
	// that it does not find, and takes any answer for a yes.
	let claims = token.claims as JwtPayload;
	if (!token.algorithm.startsWith("HS")) {
		const { data, error } = await auth.getClaims(token.text);
		if (error !== null) throw error;
		if (data === null) throw new WidgetTokenError("credential_invalid", { detail: "the access token holds no claims" });
		claims = data.claims;
	}
	if (token.algorithm.startsWith("HS") || backend.userRequested) await fetchUser(verification);
	checkClaims(claims, tokenRules(options, `${project.url}/auth/v1`));
	return identityOfClaims(claims);
}

async function fetchUser({ auth, token, options }: Verification<SupabaseMode>): Promise<User> {
	const { data, error } = await auth.getUser(token.text);
	if (error !== null) throw error;
	// A proxy that caches could answer with the user of another token.
	if (typeof data.user?.id !== "string" || data.user.id !== token.claims.sub) {
		throw new WidgetTokenError("provider_unavailable", { detail: "Supabase Auth did not answer with the user of the access token" });
	}
	checkUser(data.user, token.claims.aal, options.allowPendingSecondFactor === true);
	return data.user;
}

function tokenRules(
	{ issuer, audience = "authenticated", postgresRoles = ["authenticated"] }: SupabaseIdentifyOptions<SupabaseMode>,
	defaultIssuer: string | undefined,
): TokenRules {
	return { issuer: issuer ?? defaultIssuer, audience, postgresRoles };
}

/** Checks the options once and keeps a frozen copy (`options_invalid`). */
export function checkIdentifyOptions<Options extends SupabaseIdentifyOptions<SupabaseMode>>(options: Options): Readonly<Options> {
	const { mode = "getUser" } = options;
	if (mode !== "getUser" && mode !== "getClaims")
		throw new WidgetTokenError("options_invalid", { detail: '`mode` is "getUser" or "getClaims"' });
	return Object.freeze({ ...options });
}

// One client for one request, in memory and without a session, so that no user can ever be answered with another's.
function createAuth({ url, key }: SupabaseProject, { fetch }: Backend): Verifier {
	return new AuthClient({
		url: `${url}/auth/v1`,
		headers: { apikey: key },
		fetch,
		// The SDK shares its cache of public keys among the clients of one storage key.
		storageKey: `widget-token:${url}`,
		persistSession: false,
		autoRefreshToken: false,
		detectSessionInUrl: false,
		skipAutoInitialize: true,
	});
}

import { randomUUID } from "node:crypto";
import type { JWTPayload } from "jose";
import { type SupabaseTokens, seconds } from "./supabase-tokens.ts";

export type Json = Record<string, unknown>;

/** A row of `auth.users`, with the names of GoTrue's JSON. */
export interface StandInUser {
	readonly id: string;
	aud: string;
	role: string;
	email: string;
	password: string;
	email_confirmed_at?: string;
	phone: string;
	phone_confirmed_at?: string;
	app_metadata: Json;
	user_metadata: Json;
	factors: readonly { readonly id: string; readonly factor_type: "totp"; readonly status: "verified" | "unverified" }[];
	banned_until?: string;
	is_anonymous: boolean;
}

/** What the token endpoint answers. */
export interface StandInSession {
	readonly access_token: string;
	readonly refresh_token: string;
	readonly token_type: "bearer";
	readonly expires_in: number;
	readonly expires_at: number;
	readonly user: Json;
}

/** An error answer of GoTrue, in the form of its API version 2024-01-01. */
export class Refusal extends Error {
	readonly status: number;
	readonly body: Json;

	constructor(status: number, code: string | undefined, message: string) {
		super(message);
		this.status = status;
		this.body = code === undefined ? { message } : { code, message };
	}
}

/** GoTrue's users and sessions, and what it checks of a token. */
export interface SupabaseAccounts {
	createUser(user?: Partial<StandInUser>): StandInUser;
	/** Opens a session row. `expiresInSeconds` below zero is an expired access token of a live session. */
	signIn(user: StandInUser, options?: { readonly expiresInSeconds?: number; readonly claims?: JWTPayload }): Promise<StandInSession>;
	/** The claims of a user's access token, for the forge functions. */
	claims(user: StandInUser, sessionId?: string): JWTPayload;
	endSessions(user: StandInUser): void;
	deleteUser(user: StandInUser): void;
	/** The user of an `Authorization` header. */
	authenticate(authorization: string | undefined): Promise<StandInUser>;
	/** The token endpoint. */
	grant(type: string | null, body: Json): Promise<StandInSession>;
}

/** An empty project. */
export function createSupabaseAccounts(tokens: SupabaseTokens, issuer: string): SupabaseAccounts {
	const users = new Map<string, StandInUser>();
	const sessions = new Map<string, { readonly id: string; readonly userId: string; refreshToken: string }>();

	function claims(user: StandInUser, sessionId: string = randomUUID()): JWTPayload {
		const { id: sub, aud, role, email, phone, app_metadata, user_metadata, is_anonymous } = user;
		const amr = [{ method: "password", timestamp: seconds() }];
		const registered = { iss: issuer, sub, aud, exp: seconds() + 3600, iat: seconds() };
		return { ...registered, email, phone, app_metadata, user_metadata, role, aal: "aal1", amr, session_id: sessionId, is_anonymous };
	}

	async function issue(user: StandInUser, sessionId: string, expiresInSeconds = 3600, overrides: JWTPayload = {}): Promise<StandInSession> {
		const row = { id: sessionId, userId: user.id, refreshToken: randomUUID() };
		sessions.set(sessionId, row);
		const expiresAt = seconds() + expiresInSeconds;
		return {
			access_token: await tokens.sign({ ...claims(user, sessionId), exp: expiresAt, ...overrides }),
			refresh_token: row.refreshToken,
			token_type: "bearer",
			expires_in: expiresInSeconds,
			expires_at: expiresAt,
			user: userJson(user),
		};
	}

	return {
		claims,
		createUser: (init = {}) => {
			const provider = { app_metadata: { provider: "email", providers: ["email"] }, user_metadata: {}, factors: [], is_anonymous: false };
			const postgres = { aud: "authenticated", role: "authenticated", email: "", phone: "", password: "correct horse battery staple" };
			const user: StandInUser = { id: randomUUID(), ...postgres, ...provider, ...init };
			users.set(user.id, user);
			return user;
		},
		signIn: (user, options = {}) => issue(user, randomUUID(), options.expiresInSeconds, options.claims),
		endSessions: ({ id }) => {
			for (const row of sessions.values()) if (row.userId === id) sessions.delete(row.id);
		},
		deleteUser: ({ id }) => void users.delete(id),
		// GoTrue's order: bearer, signature and expiry, subject, user, session row, ban. It checks no issuer, and of the
		// audience only that the token agrees with itself.
		authenticate: async (authorization) => {
			const bearer = /^bearer (\S+)$/i.exec(authorization ?? "")?.[1];
			if (bearer === undefined) throw new Refusal(401, "no_authorization", "This endpoint requires a valid Bearer token");
			const verified = await tokens.verify(bearer).catch(() => {
				throw new Refusal(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
			});
			if (!verified.sub) throw new Refusal(403, "bad_jwt", "invalid claim: missing sub claim");
			const user = users.get(verified.sub);
			if (user === undefined) throw new Refusal(403, "user_not_found", "User from sub claim in JWT does not exist");
			const sessionId = verified["session_id"];
			if (sessionId !== undefined && sessionId !== "" && !sessions.has(String(sessionId))) {
				throw new Refusal(403, "session_not_found", "Session from session_id claim in JWT does not exist");
			}
			if (isBanned(user)) throw new Refusal(403, "user_banned", "User is banned");
			return user;
		},
		grant: async (type, body) => {
			if (type === "password") {
				const user = [...users.values()].find(({ email }) => email !== "" && email === body["email"]);
				if (user === undefined || user.password !== body["password"])
					throw new Refusal(400, "invalid_credentials", "Invalid login credentials");
				if (isBanned(user)) throw new Refusal(400, "user_banned", "User is banned");
				return issue(user, randomUUID());
			}
			const row = [...sessions.values()].find(({ refreshToken }) => refreshToken === body["refresh_token"]);
			const user = row && users.get(row.userId);
			if (row === undefined || user === undefined)
				throw new Refusal(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
			if (isBanned(user)) throw new Refusal(400, "user_banned", "Invalid Refresh Token: User Banned");
			return issue(user, row.id);
		},
	};
}

/** A user as GoTrue shows it to its owner. */
export function userJson({ password: _, ...user }: StandInUser): Json {
	return { ...user, identities: [], created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
}

function isBanned({ banned_until }: StandInUser): boolean {
	return banned_until !== undefined && Date.parse(banned_until) > Date.now();
}

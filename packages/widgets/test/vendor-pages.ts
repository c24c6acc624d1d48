/** A verified user, as the vectors hold it. */
export interface User {
	readonly id: string | number;
	readonly email?: string | null | undefined;
	readonly emailVerified?: boolean | null | undefined;
	readonly name?: string | null | undefined;
}

/** What the integrator has chosen for a vector. */
export interface Choice {
	readonly settings?: Record<string, string>;
	readonly options?: {
		role?: string | string[];
		claims?: Record<string, unknown>;
		lifetimeSeconds?: number;
		allowUnverifiedEmail?: boolean;
	};
}

interface Moment {
	readonly now: number;
	readonly jti: string;
}

type Claims = Record<string, unknown>;

/** The claims that each vendor's page asks for, written down by hand: this file must not import anything of the project. */
export const claimsByPage: Readonly<Record<string, (user: User, choice: Choice, moment: Moment) => Claims>> = {
	// "the four required claims are iss, sub, copilot_id, exp"; role, name, email and iat as in the recipes; expiresIn "1h".
	onpilot: (user, { settings = {}, options = {} }, { now }) =>
		present({
			iss: settings["tenantId"],
			sub: String(user.id),
			copilot_id: settings["copilotId"],
			role: options.role,
			name: nameOf(user),
			email: mailOf(user, options.allowUnverifiedEmail),
			iat: now,
			exp: now + (options.lifetimeSeconds ?? 3600),
		}),
	// "email (REQUIRED): lowercased; exp (REQUIRED): now + 1 hour (hard maximum 24h); name (recommended); user_id (optional)".
	bestchatbot: (user, { options = {} }, { now }) =>
		present({
			email: mailOf(user, options.allowUnverifiedEmail)?.toLowerCase(),
			name: nameOf(user) ?? mailOf(user, options.allowUnverifiedEmail),
			user_id: String(user.id),
			iat: now,
			exp: now + (options.lifetimeSeconds ?? 3600),
		}),
	// "sub, exp (≤ 1 hour from issue); recommended: name, email".
	hilal: (user, { options = {} }, { now }) =>
		present({ sub: String(user.id), name: nameOf(user), email: mailOf(user), iat: now, exp: now + (options.lifetimeSeconds ?? 3600) }),
	// "iss: partner id, aud: jupid-embed, sub, email, name, payload, iat, exp: now + 300, jti: uuid4".
	jupid: (user, { settings = {}, options = {} }, { now, jti }) =>
		present({
			iss: settings["partnerId"],
			aud: settings["audience"] ?? "jupid-embed",
			sub: String(user.id),
			email: mailOf(user),
			name: nameOf(user),
			payload: options.claims?.["payload"],
			iat: now,
			exp: now + (options.lifetimeSeconds ?? 300),
			jti,
		}),
	// "the role claim: an array or a comma-separated string; optional: email, upn, preferred_username; iat, exp: 10 minutes".
	customgpt: (user, { settings = {}, options = {} }, { now }) =>
		present({
			[settings["roleClaim"] ?? "roles"]: options.role,
			email: mailOf(user),
			upn: options.claims?.["upn"],
			preferred_username: options.claims?.["preferred_username"],
			iat: now,
			exp: now + (options.lifetimeSeconds ?? 600),
		}),
};

function present(claims: Claims): Claims {
	return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function mailOf({ email, emailVerified }: User, allowUnverified = false): string | undefined {
	return emailVerified === true || allowUnverified ? (email ?? undefined) : undefined;
}

function nameOf({ name }: User): string | undefined {
	const text = name?.trim().normalize("NFC");
	return text === undefined || text.length <= 200 ? text : `${text.slice(0, 199).trimEnd()}…`;
}

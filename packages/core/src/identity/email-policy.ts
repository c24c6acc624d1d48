import { WidgetTokenError } from "../base/index.ts";
import { type Identity, type IdentityField, identityLimits, readPlainText, readText } from "./identity.ts";

/** Which email addresses may go out. */
export interface EmailPolicy {
	readonly allowUnverifiedEmail?: boolean | undefined;
	readonly requireVerifiedEmail?: boolean | undefined;
}

/** Reads a field's text as far as it may be sent. An address that nobody has verified proves nothing: whoever registers it first would be served as its owner. */
export function readSendableText(identity: Identity, field: IdentityField, policy: EmailPolicy): string | undefined {
	return field === "email" && !maySendEmail(identity, policy) ? undefined : readText(identity, field);
}

/** Reads the address in the common case: it may be sent, and is plain text. */
export function readPlainEmail(identity: Identity, policy: EmailPolicy): string | undefined {
	return maySendEmail(identity, policy) ? readPlainText(identity, "email", identityLimits.email) : undefined;
}

/** The identity as the `role` and `claims` options see it: without an address that may not be sent, and with the id as it is signed. */
export function applyEmailPolicy<User>(identity: Identity<User>, policy: EmailPolicy): Identity<User> {
	const email = readSendableText(identity, "email", policy);
	const id = String(identity.id);
	if (id === identity.id && email === (identity.email ?? undefined)) return identity;
	const { email: _, ...rest } = identity;
	return { ...rest, id, ...(email === undefined ? {} : { email }) };
}

function maySendEmail({ emailVerified }: Identity, { allowUnverifiedEmail }: EmailPolicy): boolean {
	return allowUnverifiedEmail === true || emailVerified === true;
}

/** Refuses a user without a verified address, where the policy requires one. */
export function checkVerifiedEmail(identity: Identity, { requireVerifiedEmail }: EmailPolicy): void {
	if (requireVerifiedEmail !== true || readSendableText(identity, "email", {}) !== undefined) return;
	if (hasEmail(identity)) throw new WidgetTokenError("email_unverified", { detail: "`requireVerifiedEmail` is set" });
	throw new WidgetTokenError("claim_missing", { detail: "`requireVerifiedEmail` is set, and the user has no email address" });
}

/** Whether there is an address at all, of whatever worth. */
export function hasEmail({ email }: Identity): boolean {
	return email !== undefined && email !== null && email !== "";
}

import { WidgetTokenError } from "./errors.ts";
import { type Identity, type IdentityField, readText } from "./identity.ts";

/** Which e-mail addresses may go out. */
export interface EmailPolicy {
	readonly allowUnverifiedEmail?: boolean | undefined;
	readonly requireVerifiedEmail?: boolean | undefined;
}

/** A field's text as far as it may be sent. An address that nobody has verified proves nothing: whoever registers it first would be served as its owner. */
export function readSendableText(identity: Identity, field: IdentityField, { allowUnverifiedEmail }: EmailPolicy): string | undefined {
	if (field === "email" && allowUnverifiedEmail !== true && identity.emailVerified !== true) return undefined;
	return readText(identity, field);
}

/** Refuses a user without a verified address, where the policy requires one. */
export function checkVerifiedEmail(identity: Identity, { requireVerifiedEmail }: EmailPolicy): void {
	if (requireVerifiedEmail !== true) return;
	if (!hasEmail(identity))
		throw new WidgetTokenError("claim_missing", { detail: "`requireVerifiedEmail` is set, and the user has no e-mail address" });
	if (identity.emailVerified !== true) throw new WidgetTokenError("email_unverified", { detail: "`requireVerifiedEmail` is set" });
}

export function hasEmail({ email }: Identity): boolean {
	return typeof email === "string" && email.trim() !== "";
}

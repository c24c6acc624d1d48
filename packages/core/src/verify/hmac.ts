import type { HmacContract } from "../contract/index.ts";
import { isSignedAsIs, toLowercase } from "../identity/index.ts";
import type { KeyChoice } from "./key-ring.ts";
import type { VerifyHint } from "./lookup.ts";
import { refused, type VerifiedIdentity } from "./result.ts";
import { explainReading, findVerifyingKey } from "./signature.ts";
import type { Verification } from "./verification.ts";

const hash = /^[0-9a-f]{64}$/;
const maximumIdentifierLength = 2048;

/** Verifies the hash that a contract of the scheme `hmac` makes of one field. It proves that field alone, and never expires. */
export function createHmacVerification(
	contract: HmacContract,
	keyRing: (hint: VerifyHint) => KeyChoice | Promise<KeyChoice>,
): Verification {
	const { field, transform } = contract.message;
	return async (token, { tenant, identifier }) => {
		if (typeof token !== "string" || token === "") return refused("token_missing");
		if (typeof identifier !== "string" || identifier === "") return refused("identifier_missing");
		if (identifier.length > maximumIdentifierLength || token.length > 64) return refused("too_large");
		if (!hash.test(token) || !identifier.isWellFormed()) return refused("signature_invalid");
		const message = transform === "lowercase" ? toLowercase(identifier) : identifier;
		if (message === undefined || !isSignedAsIs(message, field)) return refused("signature_invalid");
		const keys = await keyRing({ widget: contract.id, kid: undefined, tenant });
		if (typeof keys === "string") return refused(keys);
		if ((await findVerifyingKey(keys, message, token)) === undefined) return refused(await explainReading(keys, message, token));
		return { verified: true, claims: {}, identity: readIdentity(contract.id, field, message) };
	};
}

function readIdentity(widget: string, field: HmacContract["message"]["field"], message: string): VerifiedIdentity {
	const [group = "", member] = field.split(".");
	return member === undefined ? { widget, [group]: message } : { widget, organization: { [member]: message } };
}

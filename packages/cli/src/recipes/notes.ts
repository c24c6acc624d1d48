import { usesReader } from "./exact-text.ts";
import type { RecipePlan } from "./plan.ts";

/** What to set before the first token, the key first. */
export function environmentNotes({ key, settings }: RecipePlan): string[] {
	const forms = {
		utf8: "the vendor's secret as it is, not decoded",
		hex: "the vendor's secret in hexadecimal, which is decoded",
		base64: "the vendor's secret in base64, which is decoded",
		pem: "the private key as a PEM file (PKCS#8); the vendor holds its public half",
		"base64-pem": "the base64 of the private key's PEM file (PKCS#8)",
	};
	return [
		`Set ${key.env} on the server: ${forms[key.encoding]}. Never give it a prefix that publishes it to browsers.`,
		...settings.map(
			({ env, description, default: value }) =>
				`Set ${env}${value === undefined ? "" : ` (default ${JSON.stringify(value)})`}: ${description}.`,
		),
	];
}

/** What holds for every language. */
export function sharedNotes(plan: RecipePlan): string[] {
	const { scheme, inputs, name } = plan;
	const hasEmail = inputs.some(({ field }) => field === "emailVerified");
	return [
		`Send ${scheme === "jwt" ? "a token" : "the hash"} for signed-in users only, in a response with Cache-Control: private, no-store; an anonymous visitor gets none.`,
		...(hasEmail
			? ["An email address goes out only when `email verified` is true: take that from the auth provider, never from the user's own input."]
			: []),
		...(usesReader(plan, "identifier")
			? ["Ids and addresses are signed exactly as they are given, or refused: do not trim, fold or compose them on the way."]
			: []),
		...(scheme === "hmac"
			? [`${name}'s hash never expires: whoever has it once is that user for ever. Give it to nobody but the user.`]
			: []),
	];
}

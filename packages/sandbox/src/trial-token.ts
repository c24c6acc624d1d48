import { constants, createHmac, sign } from "node:crypto";
import {
	algorithms,
	type Contract,
	createMint,
	type Identity,
	type JsonValue,
	type JwtContract,
	type MintedToken,
	type MintOptions,
} from "@widget-token/core";
import { generateKey } from "./keys.ts";
import { readTokenText } from "./token-text.ts";

/** What a trial token can be: what it should be, or one of the mistakes that integrators make. */
export const trialFlaws: Readonly<Record<string, string>> = {
	none: "A good token",
	short: "A good token for 15 seconds",
	expired: "An expired token",
	"other-key": "Signed with another key",
	milliseconds: "exp in milliseconds",
	incomplete: "Without a required claim",
	"too-long": "Valid for too long",
	garbled: "Not a token at all",
};

/** Whose token, with what key and settings. */
export interface TrialTokenOptions {
	readonly identity: Identity;
	readonly key: string;
	readonly settings: Readonly<Record<string, string>>;
	/** The roles that exist at the vendor. */
	readonly knownRoles?: readonly string[] | undefined;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

/** Mints a token for one of the trial visitors, with a mistake in it if asked for. */
export async function mintTrialToken(
	contract: Contract,
	flaw: string,
	{ identity, key, settings, knownRoles, now }: TrialTokenOptions,
): Promise<MintedToken> {
	if (flaw === "garbled") return { token: "not-a-token", expiresIn: 3600 };
	const secret = flaw === "other-key" ? generateKey(contract) : key;
	const options: MintOptions = {
		secret,
		env: {},
		now: flaw === "expired" ? () => now() - expiredAgo(contract) : now,
		...(contract.scheme === "jwt"
			? { settings, ...(flaw === "short" ? { lifetimeSeconds: 15 } : {}), ...trialRole(contract, knownRoles), ...trialClaims(contract) }
			: {}),
	};
	const minted = await createMint(contract, options)(identity);
	if (contract.scheme !== "jwt") return minted;
	const edit = editors[flaw];
	return edit === undefined ? minted : { ...minted, token: resign(minted.token, secret, contract, edit) };
}

// Minted so long ago that it expired an hour ago.
function expiredAgo(contract: Contract): number {
	return ((contract.scheme === "jwt" ? contract.lifetime.defaultSeconds : 0) + 3600) * 1000;
}

type Payload = Record<string, JsonValue>;

const editors: Readonly<Record<string, (payload: Payload, contract: JwtContract) => void>> = {
	milliseconds: (payload) => {
		payload.exp = Number(payload.exp) * 1000;
	},
	incomplete: (payload, contract) => {
		const required = Object.entries(contract.claims).find(([, rule]) => rule.required === true && rule.from !== "generated");
		if (required !== undefined) delete payload[required[0]];
	},
	"too-long": (payload, contract) => {
		payload.exp = Number(payload.iat) + contract.lifetime.maximumSeconds + 3600;
	},
};

function resign(token: string, key: string, contract: JwtContract, edit: (payload: Payload, contract: JwtContract) => void): string {
	const {
		algorithm,
		key: { encoding },
	} = contract;
	const payload: Payload = { ...readTokenText(token).payload };
	edit(payload, contract);
	const input = `${token.split(".")[0]}.${Buffer.from(JSON.stringify(payload)).toString("base64url")}`;
	const { keyType, hash, signParameters } = algorithms[algorithm];
	if (keyType === "oct") {
		const secret = Buffer.from(key, encoding as "utf8" | "hex" | "base64");
		return `${input}.${createHmac(hash, secret).update(input).digest("base64url")}`;
	}
	const { saltLength } = signParameters;
	const signature = sign(hash, Buffer.from(input), {
		key: encoding === "base64-pem" ? Buffer.from(key, "base64") : key.replaceAll("\\n", "\n"),
		dsaEncoding: "ieee-p1363",
		...(saltLength === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
	});
	return `${input}.${signature.toString("base64url")}`;
}

// A trial visitor has a role that the vendor knows.
function trialRole({ claims }: JwtContract, knownRoles: readonly string[] = []): Pick<MintOptions, "role"> {
	const rule = Object.values(claims).find(({ from }) => from === "role");
	return rule?.from === "role" ? { role: () => rule.oneOf?.at(-1) ?? knownRoles[0] ?? "Support Team" } : {};
}

function trialClaims({ claims }: JwtContract): Pick<MintOptions, "claims"> {
	const objects = Object.entries(claims).filter(([, rule]) => rule.from === "custom" && rule.type === "object");
	return objects.length === 0 ? {} : { claims: () => Object.fromEntries(objects.map(([name]) => [name, { company_name: "Example" }])) };
}

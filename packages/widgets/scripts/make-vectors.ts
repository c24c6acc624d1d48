import { generateKeyPairSync } from "node:crypto";
import { createMint, WidgetTokenError } from "@widget-token/core";
import { jti, now, optionsOf, type VectorInput, type VectorPlan } from "./vector-cases.ts";

/** A throw-away key: the secret as text, or a pair in PEM. */
export type VectorKey = { readonly secret: string } | { readonly privateKey: string; readonly publicKey: string };

/** One case: what goes in, and the token or the code of the refusal that comes out. */
export type Vector = VectorInput &
	({ readonly header: unknown; readonly payload: unknown; readonly token: string } | { readonly error: string });

/** One file of vectors. */
export interface VectorFile {
	readonly contract: string;
	readonly algorithm: string;
	readonly key: VectorKey;
	readonly now: number;
	readonly jti: string;
	readonly vectors: readonly Vector[];
}

/** The vectors of one contract. `key` is the pair of an earlier run, so that the tokens stay as they are. */
export async function makeVectors({ contract, secret, cases }: VectorPlan, key?: VectorKey): Promise<VectorFile> {
	const used = secret === undefined ? (key ?? makePair()) : { secret };
	const vectors: Vector[] = [];
	for (const input of cases) vectors.push({ ...input, ...(await outcomeOf(contract, input, used)) });
	return { contract: contract.id, algorithm: contract.algorithm, key: used, now, jti, vectors };
}

/** JSON in ASCII: a mark that reorders the text around it must not do so in an editor. */
export function toAsciiJson(value: unknown): string {
	return `${JSON.stringify(value, null, "\t").replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

async function outcomeOf(
	contract: VectorPlan["contract"],
	input: VectorInput,
	key: VectorKey,
): Promise<{ header: unknown; payload: unknown; token: string } | { error: string }> {
	try {
		const mint = createMint(contract, {
			...optionsOf(input),
			secret: "secret" in key ? key.secret : key.privateKey,
			env: {},
			now: () => now * 1000,
			jti: () => jti,
		});
		const { token } = await mint(input.identity);
		const [header, payload] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
		return { header: JSON.parse(header ?? ""), payload: JSON.parse(payload ?? ""), token };
	} catch (error) {
		if (error instanceof WidgetTokenError) return { error: error.code };
		throw error;
	}
}

function makePair(): VectorKey {
	return generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
	});
}

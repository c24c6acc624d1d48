import { type Contract, createMint, defineContract, type HmacContract, type MintOptions } from "@widget-token/core";
import { ada, now, profile } from "./minting.ts";

/** A secret of the right length that is no placeholder. */
export const text = "k4VqJ9xw-2ZtPb7LmR3s_Yc8Hd5Nf1Ga";

/** A contract of that algorithm; the id keeps the keys of one test file apart. */
export function contractFor(
	algorithm: Contract["algorithm"],
	key: Partial<Contract["key"]> = {},
	id = `keys-${algorithm.toLowerCase()}`,
): Contract {
	const encoding = algorithm.startsWith("HS") ? "utf8" : "pem";
	return defineContract({ ...profile, id, algorithm, key: { env: "KEY_OF_THE_TEST", encoding, ...key } });
}

/** The token of one fixed identity at one fixed time. */
export async function tokenWith(contract: Contract, secret: MintOptions["secret"], options: MintOptions = {}): Promise<string> {
	return (await createMint(contract, { now, env: {}, secret, ...options })(ada)).token;
}

/** A contract whose proof is an HMAC over the id. */
export const hmacContract: HmacContract = defineContract({
	id: "keys-hmac",
	name: "HMAC",
	documentation: [],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "KEY_OF_THE_TEST", encoding: "utf8" },
	message: { field: "id" },
}) as HmacContract;

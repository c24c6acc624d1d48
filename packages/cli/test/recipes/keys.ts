import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import type { Contract } from "@widget-token/core";

/** Throw-away keys and settings of a set of contracts. */
export interface RecipeKeys {
	readonly env: Readonly<Record<string, string>>;
	/** What a verifier is given: the secret's bytes, or the public key as PEM. */
	verificationKey(contract: Contract): Uint8Array | string;
}

export function createRecipeKeys(contracts: readonly Contract[]): RecipeKeys {
	const env: Record<string, string> = {};
	const keys = new Map<string, Uint8Array | string>();
	for (const { id, algorithm, key, settings } of contracts) {
		for (const [name, rule] of Object.entries(settings ?? {})) if (rule.default === undefined) env[rule.env] = `${id}-${name}`;
		if (algorithm === "RS256" || algorithm === "ES256") {
			const pair =
				algorithm === "RS256" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" });
			const pem = pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
			// On one line, as hosts keep it.
			env[key.env] = key.encoding === "pem" ? pem.trim().replaceAll("\n", "\\n") : Buffer.from(pem).toString("base64");
			keys.set(id, createPublicKey(pem).export({ format: "pem", type: "spki" }).toString());
		} else {
			const bytes = randomBytes(64);
			const text = key.encoding === "base64" ? bytes.toString("base64") : bytes.toString("hex");
			env[key.env] = text;
			keys.set(id, key.encoding === "utf8" ? new TextEncoder().encode(text) : new Uint8Array(bytes));
		}
	}
	return {
		env,
		verificationKey: (contract) => {
			const key = keys.get(contract.id);
			if (key === undefined) throw new Error(`No key was made for ${contract.id}`);
			return key;
		},
	};
}

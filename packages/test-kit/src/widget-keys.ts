import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import type { Contract } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";

/** The five contracts. */
export const fiveWidgets: readonly Contract[] = [onPilot, bestChatBot, hilal, jupid, customGpt];

/** Throw-away keys and settings of the five widgets. */
export interface WidgetKeys {
	/** The environment variables that the contracts name. */
	readonly env: Readonly<Record<string, string>>;
	/** What the vendor of the widget verifies with: the shared secret, or the public key as PEM. */
	verificationKey(contract: Contract): string;
}

/** Makes keys that exist for this run only. */
export function createWidgetKeys(): WidgetKeys {
	const env: Record<string, string> = {};
	const verificationKeys = new Map<string, string>();
	for (const { id, algorithm, key, settings } of fiveWidgets) {
		const secret = algorithm === "RS256" ? generateRsaKey() : randomBytes(32).toString("hex");
		env[key.env] = secret;
		verificationKeys.set(id, algorithm === "RS256" ? publicHalf(secret) : secret);
		for (const [name, rule] of Object.entries(settings ?? {})) if (rule.default === undefined) env[rule.env] = `${id}-${name}`;
	}
	return {
		env,
		verificationKey: (contract) => {
			const key = verificationKeys.get(contract.id);
			if (key === undefined) throw new Error(`No key was made for ${contract.id}`);
			return key;
		},
	};
}

function generateRsaKey(): string {
	return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

function publicHalf(privateKey: string): string {
	return createPublicKey(privateKey).export({ format: "pem", type: "spki" }).toString();
}

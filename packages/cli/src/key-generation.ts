import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { algorithms, type Contract, createMint, type Environment, WidgetTokenError } from "@widget-token/core";
import { CliError } from "./cli-error.ts";

/** Whether the widget's key is a pair, whose public half the vendor holds. */
export function isKeyPair({ algorithm }: Contract): boolean {
	return algorithms[algorithm].keyType !== "oct";
}

/** A strong key in the form that the contract names: PEM (PKCS#8) or base64 of it, hexadecimal digits, base64. */
export function generateKey({ algorithm, key }: Contract): string {
	const { keyType, minimumKeyBits, importParameters } = algorithms[algorithm];
	if (keyType !== "oct") {
		const { privateKey } =
			keyType === "RSA"
				? generateKeyPairSync("rsa", { modulusLength: minimumKeyBits })
				: generateKeyPairSync("ec", { namedCurve: importParameters.namedCurve ?? "" });
		const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString().trim();
		return key.encoding === "base64-pem" ? Buffer.from(pem).toString("base64") : pem;
	}
	const bytes = randomBytes(Math.max(key.minimumBytes ?? 0, minimumKeyBits / 8));
	return bytes.toString(key.encoding === "base64" ? "base64" : "hex");
}

/** The public half of a private key, as the PEM (SPKI) that goes into the vendor's dashboard. */
export function publicHalf(secret: string, where: string): string {
	const text = secret.includes("-----BEGIN ") ? secret : Buffer.from(secret, "base64").toString("utf8");
	try {
		return createPublicKey(text.trim().replaceAll("\\r", "").replaceAll("\\n", "\n"))
			.export({ format: "pem", type: "spki" })
			.toString()
			.trim();
	} catch (cause) {
		throw new CliError("secret_invalid", `${where} holds no private key that can be read`, {
			remedy: "widget-token secret <widget> --replace puts a new pair there.",
			cause,
		});
	}
}

/** What is wrong with a key, by the core's own checks; undefined when it signs. */
export async function findKeyProblem(contract: Contract, secret: string, env: Environment): Promise<WidgetTokenError | undefined> {
	const settings = Object.fromEntries(Object.keys(contract.settings ?? {}).map((name) => [name, name]));
	// The key is read before any claim: whatever this identity lacks is found later, and says nothing of the key.
	const hasRole = contract.scheme === "jwt" && Object.values(contract.claims).some(({ from }) => from === "role");
	const mint = createMint(contract, { secret, env, settings, ...(hasRole ? { role: () => undefined } : {}) });
	try {
		await mint({ id: "key-check", provider: "widget-token" });
	} catch (error) {
		if (error instanceof WidgetTokenError && error.code.startsWith("secret_")) return error;
	}
	return undefined;
}

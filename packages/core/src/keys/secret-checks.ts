import { encodeBytes } from "#signing";
import { type Environment, type ErrorCode, publicPrefix, readVariable, WidgetTokenError } from "../base/index.ts";
import { algorithms, type Contract } from "../contract/index.ts";

const placeholder = /^<.*>$|your[-_ ]|change[-_ ]?me|replace[-_ ]?(?:me|this|with)|placeholder|insert[-_ ]|example|x{6}|\.{3}/i;

/** Refuses the text of a secret by the name of the mistake. `where` is the variable or the option that it came from. */
export function checkSecretText(text: string, contract: Contract, where: string): void {
	const refuse = (code: ErrorCode, detail = where): never => {
		throw new WidgetTokenError(code, { detail });
	};
	if (text === "") refuse("secret_missing", `${where} is empty`);
	if (/^(["'`]).*\1\s*$/s.test(text)) refuse("secret_quoted");
	if (contract.key.encoding === "pem" || contract.key.encoding === "base64-pem") return;
	if (text.includes("-----BEGIN ")) refuse("secret_is_pem");
	// Binary that was read as text: a secret that is not what the file holds.
	if (/[^\P{Cc}\s]|\ufffd/u.test(text)) refuse("secret_invalid", `${where} is binary, not text; pass its bytes`);
	if (text.trimStart().startsWith("{") && text.includes('"kty"')) refuse("secret_is_jwk");
	if (text !== text.trim()) refuse("secret_whitespace");
	if (placeholder.test(text) || new Set(text).size < 6) refuse("secret_placeholder");
}

/** Refuses key bytes that are shorter than the hash (RFC 7518 §3.2) or than what the vendor issues. */
export function checkSecretLength(bytes: number, contract: Contract, where: string): void {
	const minimum = contract.key.minimumBytes ?? algorithms[contract.algorithm].minimumKeyBits / 8;
	if (bytes >= minimum) return;
	throw new WidgetTokenError("secret_too_short", { detail: `${where} has ${bytes} bytes; ${contract.algorithm} needs ${minimum}` });
}

/** Refuses a secret that a variable with a public prefix holds too: the bundler has put it into the browser's script. */
export function checkNotPublished(text: string, env: Environment): void {
	for (const name of variableNames(env)) {
		if (publicPrefix.test(name) && readVariable(env, name) === text) throw new WidgetTokenError("secret_public", { detail: name });
	}
}

// Deno refuses the list of all variables to a program that may read only some; the program then has no others to publish.
function variableNames(env: Environment): readonly string[] {
	try {
		return Object.keys(env);
	} catch {
		return [];
	}
}

// By the hash, so that the secrets of a rotation do not stay in memory.
const widgetOfHash = new Map<string, string>();

/** Refuses a secret that another widget of this process uses already: either vendor could sign for the other's widget. */
export async function checkNotShared(secret: string | Uint8Array<ArrayBuffer>, { id }: Contract): Promise<void> {
	const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
	const hash = encodeBytes(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), "hex");
	const widget = widgetOfHash.get(hash);
	if (widget !== undefined && widget !== id) throw new WidgetTokenError("secret_shared", { detail: `${widget} and ${id}` });
	widgetOfHash.set(hash, id);
}

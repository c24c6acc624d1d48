import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Contract, CustomClaimRule, Identity, JsonValue } from "@widget-token/core";
import type { Command } from "commander";
import { usageError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import { collectPairs } from "./setting-option.ts";

/** An identity as flags, as JSON, or as both: a flag goes before the JSON's member. */
export interface IdentityOptions {
	readonly identity?: string;
	readonly id?: string;
	readonly email?: string;
	readonly unverifiedEmail?: boolean;
	readonly name?: string;
	readonly role?: readonly string[];
	readonly claim?: Readonly<Record<string, string>>;
}

export function addIdentityOptions(command: Command): Command {
	return command
		.option("--id <id>", "the user's id")
		.option("--email <address>", "the user's email address; it counts as verified")
		.option("--unverified-email", "the address is not verified")
		.option("--name <name>", "the user's name")
		.option("--role <role>", "the user's role; several times for several roles", (role: string, roles: readonly string[] = []) => [
			...roles,
			role,
		])
		.option("--claim <name=value>", "a free-form claim of the widget; several times for several", collectPairs("--claim"))
		.option("--identity <file>", "the whole identity as JSON, or - for standard input");
}

const members = new Set(["id", "provider", "email", "emailVerified", "name", "picture", "phoneNumber", "locale", "roles", "organization"]);

/** The identity that the options describe. Its provider is `widget-token` where the JSON names no other. */
export async function readIdentity({ options, cwd, readStdin }: CommandContext<IdentityOptions>): Promise<Identity> {
	const { identity: source, id, email, unverifiedEmail, name, role } = options;
	const given =
		source === undefined
			? {}
			: parseIdentity(source === "-" ? await readStdin("The identity") : await readIdentityFile(resolve(cwd, source)));
	const flags = {
		...(id === undefined ? {} : { id }),
		...(email === undefined ? {} : { email, emailVerified: true }),
		...(name === undefined ? {} : { name }),
		...(role === undefined ? {} : { roles: role }),
		...(unverifiedEmail === true ? { emailVerified: false } : {}),
	};
	const identity = { provider: "widget-token", ...given, ...flags };
	if (!("id" in identity))
		throw usageError("Whose token is it?", "Pass --id u_1 --email ada@example.com, or --identity FILE.", "identity_required");
	return identity as Identity;
}

async function readIdentityFile(path: string): Promise<string> {
	return readFile(path, "utf8").catch(() => {
		throw usageError("The file of --identity cannot be read", "Give the path of a JSON file that exists.", "identity_unreadable");
	});
}

function parseIdentity(text: string): Record<string, unknown> {
	let identity: unknown;
	try {
		identity = JSON.parse(text);
	} catch {
		// The parser's own message would quote the text.
	}
	if (typeof identity !== "object" || identity === null || Array.isArray(identity)) {
		throw usageError(
			"The identity is not a JSON object",
			'Give something like {"id":"u_1","email":"ada@example.com","emailVerified":true}.',
			"identity_not_json",
		);
	}
	const unknown = Object.keys(identity).filter((member) => !members.has(member));
	if (unknown.length > 0)
		throw usageError("The identity has a member that it does not know", `It knows ${[...members].join(", ")}.`, "identity_member_unknown");
	return identity as Record<string, unknown>;
}

/** The role that the identity has at the widget: one where there is one, else all. */
export function readRole({ roles }: Identity): string | readonly string[] | undefined {
	return roles?.length === 1 ? roles[0] : (roles ?? undefined);
}

/** The free-form claims with values of the types that the contract names; what it does not name is JSON, else text. */
export function readCustomClaims(contract: Contract, { claim }: IdentityOptions): Readonly<Record<string, JsonValue>> | undefined {
	if (claim === undefined) return undefined;
	return Object.fromEntries(
		Object.entries(claim).map(([name, text]) => {
			const rule = contract.scheme === "jwt" ? contract.claims[name] : undefined;
			return [name, rule?.from === "custom" ? readTyped(name, text, rule) : readAny(text)];
		}),
	);
}

function readTyped(name: string, text: string, { type }: CustomClaimRule): JsonValue {
	if (type === "string") return text;
	const value = readAny(text);
	if (type === "json-string" || (Array.isArray(value) ? "array" : typeof value) === type) return value;
	throw usageError(`The claim ${name} is not of the type ${type}`, `Pass --claim '${name}=…' as JSON of that type.`, "claim_invalid");
}

function readAny(text: string): JsonValue {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return text;
	}
}

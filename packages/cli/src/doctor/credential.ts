import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { CliError, usageError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import type { ProjectEnv } from "../project-env.ts";
import { printable } from "../terminal.ts";

/** Where the users' credentials are read from. There is no option that takes one itself. */
export interface CredentialOptions {
	readonly as?: readonly string[];
	readonly asEnv?: readonly string[];
}

/** A signed-in user, as a request shows them. */
export interface Visitor {
	/** `user 1`, and where the credential is from. */
	readonly about: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Every text of the credential that may not be in an answer. */
	readonly secrets: readonly string[];
}

/** Reads the credentials of the options, those of files before those of variables. */
export async function readVisitors(context: CommandContext<CredentialOptions>, env: ProjectEnv): Promise<readonly Visitor[]> {
	const { as: files = [], asEnv: names = [] } = context.options;
	const fromStdin = files.filter((file) => file === "-").length;
	const piped = fromStdin === 0 ? [] : splitUsers(await context.readStdin("A user's credential"), fromStdin);
	const texts: (readonly [text: string, from: string])[] = [];
	for (const file of files)
		texts.push(
			file === "-" ? [piped.shift() ?? "", "standard input"] : [await readCredentialFile(file, context.cwd), basename(printable(file))],
		);
	for (const name of names) texts.push([readVariable(name, env), name]);
	if (texts.length > 2) throw usageError("The doctor compares two users", "Give --as at most twice.");
	const visitors = texts.map(([text, from], index) => readVisitor(text, `user ${index + 1} (${from})`));
	if (visitors.length === 2 && JSON.stringify(visitors[0]?.headers) === JSON.stringify(visitors[1]?.headers)) {
		throw usageError("Both users have the same credential", "Sign in as another user, in another browser profile, for the second one.");
	}
	for (const { secrets } of visitors) for (const secret of secrets) context.protect(secret);
	return visitors;
}

async function readCredentialFile(file: string, cwd: string): Promise<string> {
	// A credential in place of its file is not repeated, nor is anything that might be one.
	if (/[=;\s]|^ey[\w-]+\.|^[\w-]{40,}$/.test(file) && !/[/\\.][\w-]{1,12}$/.test(file)) {
		throw usageError(
			"What looks like a credential is in the argument list",
			"Anyone who can list the processes of this machine sees it. Put it into a file and pass --as FILE, or --as - and pipe it in.",
			"secret_in_arguments",
		);
	}
	try {
		return await readFile(resolve(cwd, file), "utf8");
	} catch {
		throw usageError(
			"A file of --as cannot be read",
			"--as takes a file that holds a user's Cookie header or bearer token.",
			"credential_unreadable",
		);
	}
}

function readVariable(name: string, { values }: ProjectEnv): string {
	const value = /^[A-Za-z_]\w{0,63}$/.test(name) ? values[name] : undefined;
	if (value) return value;
	throw new CliError("credential_missing", "A variable of --as-env is not set", {
		remedy: "--as-env takes the name of a variable that holds a user's Cookie header or bearer token.",
	});
}

/** Several users in one text: with an empty line between them, or one in each line. */
function splitUsers(text: string, count: number): string[] {
	const paragraphs = text.split(/\r?\n\s*\r?\n/).filter((part) => part.trim() !== "");
	const lines = text.split(/\r?\n/).filter((part) => part.trim() !== "");
	const users = count === 1 ? [text] : paragraphs.length === count ? paragraphs : lines;
	if (users.length === count) return users;
	throw usageError(`Standard input does not hold ${count} users`, "Put an empty line between two users' headers.");
}

/** Reads header lines (`Cookie: …`, `Authorization: …`), or one bare value: `name=value; …` is a cookie, anything else a bearer token. */
function readVisitor(text: string, about: string): Visitor {
	const lines = text
		.replace(/^\ufeff/, "")
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== "");
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const header = /^([A-Za-z][\w-]*):\s*(.+)$/.exec(line);
		if (header !== null) headers[(header[1] as string).toLowerCase()] = header[2] as string;
		else if (/^Bearer\s+\S/i.test(line)) headers.authorization = line;
		else if (/^[\w-]+(?:\.[\w-]+){2}$/.test(line) || !line.includes("=")) headers.authorization = `Bearer ${line}`;
		else headers.cookie = line;
	}
	if (lines.length === 0 || lines.length > 20)
		throw usageError(
			`There is no credential for ${about}`,
			"Give the Cookie header or the bearer token that a signed-in browser sends.",
			"credential_missing",
		);
	if (Object.values(headers).some((value) => /[^\t\u0020-\u007e]/.test(value)))
		throw usageError(
			`The credential of ${about} holds characters that a header cannot carry`,
			"Copy the header again.",
			"credential_invalid",
		);
	return { about, headers, secrets: listSecrets(headers) };
}

// A short cookie is a mark such as the chosen language, and may well be in an answer.
const shortestSecret = 20;

function listSecrets(headers: Readonly<Record<string, string>>): readonly string[] {
	const bearer = headers.authorization?.replace(/^\w+\s+/, "");
	const cookies = (headers.cookie ?? "").split(/;\s*/).map((pair) => decode(pair.slice(pair.indexOf("=") + 1)));
	const own = Object.entries(headers)
		.filter(([name]) => name !== "authorization" && name !== "cookie")
		.map(([, value]) => value);
	// @supabase/ssr splits a session over several cookies, as the base64 of a JSON object.
	const joined = cookies.join("");
	const session = /base64-([\w-]+)/.exec(joined)?.[1];
	const inner = session === undefined ? joined : Buffer.from(session, "base64url").toString("utf8");
	const tokens = inner.match(/ey[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g) ?? [];
	return [...new Set([bearer ?? "", ...cookies, ...own, ...tokens].filter((secret) => secret.length >= shortestSecret))];
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

import { usageError } from "./cli-error.ts";

const remedy =
	"Whoever may list the processes of this machine sees it, and the shell keeps it in its history. Use --secret-env NAME, --secret-file FILE or --secret-stdin, and issue a new one if it was real.";

// Options that people expect to take the secret itself.
const secretOption = /^--?(?:[\w-]*(?:secret|private-?key|signing-?key|password|passphrase)[\w-]*|key|hmac|api-?key)(?:=|$)/i;
const rightOption = /^--(?:no-)?secret-(?:env|file|stdin)(?:=|$)/;
const assignment = /^(?:[A-Z][A-Z0-9_]*_)?(?:SECRET|KEY|PASSWORD)(?:_[A-Z0-9_]+)?=./;
const secretVariable = /SECRET|_KEY$|PRIVATE|PASSWORD/;
const shortestSecret = 16;

/** Refuses a secret in the argument list, by the name of the mistake. No message repeats it. */
export function refuseSecretsInArguments(args: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
	const held = new Set(
		Object.entries(env).flatMap(([name, value]) =>
			secretVariable.test(name) && value !== undefined && value.length >= shortestSecret ? [value] : [],
		),
	);
	for (const [index, argument] of args.entries()) {
		const value = argument.replace(/^--[\w-]+=/, "");
		const option = argument.replace(/=.*/s, "");
		if (argument.includes("-----BEGIN ")) throw refuse("A PEM key is in the argument list");
		if (/^\s*\{/.test(value) && /"kty"\s*:/.test(value)) throw refuse("A JWK is in the argument list");
		if (secretOption.test(argument) && !rightOption.test(argument))
			throw refuse(`There is no option ${option}, for a secret is never taken from the argument list`);
		if (assignment.test(argument)) throw refuse(`The value of ${option} is in the argument list`);
		if (held.has(value)) throw refuse("The value of a secret variable is in the argument list");
		if (isRandomText(value) && isPlaceForSecret(args, index)) throw refuse("What looks like a secret is in the argument list");
	}
}

function isRandomText(text: string): boolean {
	if (/^[0-9a-f]{32,}$/i.test(text)) return true;
	return /^[\w+/-]{40,}={0,2}$/.test(text) && /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

// An id may look as random as a secret, and so may the token that `verify` takes.
const freeOption = /^--(?:id|email|name|role|claim|setting|identifier|known-role)(?:=|$)/;

function isPlaceForSecret(args: readonly string[], index: number): boolean {
	const argument = args[index] as string;
	const previous = args[index - 1] ?? "";
	if (argument.startsWith("-")) return !freeOption.test(argument);
	return !freeOption.test(previous) && (args[0] !== "verify" || previous.startsWith("--"));
}

function refuse(message: string): Error {
	return usageError(message, remedy, "secret_in_arguments");
}

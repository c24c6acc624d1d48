import { usageError } from "./cli-error.ts";

const mend = "Whoever may list the processes of this machine sees it, and the shell keeps it in its history. Use --secret-env NAME, --secret-file FILE or --secret-stdin, and issue a new secret if this one was real.";

// Options that people expect to take the secret itself.
const secretOption = /^--?(?:secret|key|signing-?key|private-?key|hmac|password|api-?key|token-?secret)(?:=|$)/i;
const assignment = /^(?:[A-Z][A-Z0-9_]*_)?(?:SECRET|KEY|PASSWORD)(?:_[A-Z0-9_]+)?=./;
const secretVariable = /SECRET|_KEY$|PRIVATE|PASSWORD/;

/** Refuses a secret in the argument list, by the name of the mistake. No message repeats it. */
export function refuseSecretsInArguments(args: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
	const held = new Set(Object.entries(env).flatMap(([name, value]) => (secretVariable.test(name) && value !== undefined && value.length >= 16 ? [value] : [])));
	for (const argument of args) {
		const value = argument.replace(/^--[\w-]+=/, "");
		if (argument.includes("-----BEGIN ")) throw refuse("A PEM key is in the argument list");
		if (/^\s*\{/.test(value) && /"kty"\s*:/.test(value)) throw refuse("A JWK is in the argument list");
		if (secretOption.test(argument)) throw refuse(`There is no option ${argument.replace(/=.*/s, "")}, for a secret is never taken from the argument list`);
		if (assignment.test(argument)) throw refuse(`The value of ${argument.replace(/=.*/s, "")} is in the argument list`);
		if (held.has(value)) throw refuse("The value of a secret variable is in the argument list");
	}
}

function refuse(message: string): Error {
	return usageError(message, mend, "secret_in_arguments");
}

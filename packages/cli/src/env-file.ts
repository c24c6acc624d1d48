import { type EnvEntry, parseEnvFile } from "@widget-token/sandbox/project-env";
import { CliError } from "./cli-error.ts";

export { type EnvEntry, parseEnvFile };

/** The variable's value; the last one counts where there are several. */
export function readEnvValue(text: string, name: string): string | undefined {
	return parseEnvFile(text).findLast((entry) => entry.name === name)?.value;
}

/** The text with the variable's value put in its place, or with a line for it at the end. Every other character stays. */
export function setEnvValue(text: string, name: string, value: string): string {
	const written = formatEnvValue(value);
	const entry = parseEnvFile(text).findLast((each) => each.name === name);
	if (entry !== undefined) {
		const rest = text.slice(entry.end);
		// Without a space dotenv would take the comment's mark for a part of the value in quotes.
		return `${text.slice(0, entry.start)}${written}${entry.start === entry.end && rest.startsWith("#") ? " " : ""}${rest}`;
	}
	const lineBreak = /\r?\n/.exec(text)?.[0] ?? "\n";
	const separator = text === "" || text.endsWith("\n") ? "" : lineBreak;
	return `${text}${separator}${name}=${written}${lineBreak}`;
}

/**
 * A value as an env file holds it: bare where that is safe, in quotes on one line where it is not.
 *
 * Throws `value_unwritable` for the few that dotenv cannot read back.
 */
export function formatEnvValue(value: string): string {
	const forms = [value, `'${value}'`, `"${value.replaceAll("\r", "\\r").replaceAll("\n", "\\n")}"`];
	const isPlain = /^[\w./+=:@%,-]*$/.test(value);
	const written = (isPlain ? forms : forms.slice(1)).find((form) => !/[\r\n]/.test(form) && readEnvValue(`X=${form}\n`, "X") === value);
	if (written !== undefined) return written;
	throw new CliError("value_unwritable", "The value holds characters that an env file cannot carry", {
		remedy: "Put it into the environment by your host's own means.",
	});
}

import { usageError } from "./cli-error.ts";

// A key, a token or an identity is a few kilobytes; whoever pipes more has taken the wrong file.
const maximumBytes = 1_048_576;

/** The whole of standard input as text. A terminal is refused: what is typed there would stay on the screen. */
export async function readStandardInput(what: string): Promise<string> {
	if (process.stdin.isTTY)
		throw usageError(
			`${what} is read from standard input, and nothing is piped into it`,
			"Pipe it in: widget-token … < file",
			"stdin_is_terminal",
		);
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin) {
		length += (chunk as Buffer).length;
		if (length > maximumBytes)
			throw usageError(`${what} on standard input is larger than 1 MiB`, "Pipe in the right file.", "stdin_too_large");
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks).toString("utf8");
}

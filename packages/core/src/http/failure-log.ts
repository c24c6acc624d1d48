import { isProduction, readMember, WidgetTokenError } from "../base/index.ts";

/** What the log says of a failure in its first line. */
export interface FailureLine {
	readonly code?: string | undefined;
	readonly widget?: string | undefined;
	readonly detail?: string | undefined;
	readonly remedy?: string | undefined;
	readonly cause?: string | undefined;
}

/**
 * Writes a failure to the console: its code and detail, then what was thrown with its causes.
 *
 * In production a thrown error is its class and its stack frames. Its message is the SDK's or the app's, so it may hold a
 * token or personal data; it is written in development only, where a JWT in it becomes `[redacted]`.
 */
export function logFailure({ code, widget, detail, cause, remedy }: FailureLine, error: unknown): void {
	const about = [widget, detail, cause && `caused by ${cause}`].filter(Boolean).join(", ");
	const line = [`[widget-token] ${code}`, about === "" ? "" : `: ${about}`, remedy === undefined ? "" : `. ${remedy}`].join("");
	const describe = isProduction() ? describeWithoutMessage : describeInFull;
	console.error(redact([line, ...foreignErrors(error).map(describe)].join("\n")));
}

/** The class of an error, or the type of what was thrown in its place. */
export function className(thrown: unknown): string {
	const name = isError(thrown) && readMember(readMember(thrown, "constructor"), "name");
	// A class can have any text as its name.
	return typeof name === "string" && /^[\w$]{1,100}$/.test(name) ? name : isError(thrown) ? "Error" : typeof thrown;
}

const deepestCause = 5;

// An error of ours is told by the first line already.
function foreignErrors(error: unknown): unknown[] {
	const errors: unknown[] = [];
	for (let current = error, depth = 0; current !== undefined && depth < deepestCause; current = readMember(current, "cause"), depth += 1) {
		if (!(current instanceof WidgetTokenError)) errors.push(current);
	}
	return errors;
}

function describeInFull(thrown: unknown): string {
	if (typeof thrown !== "object" && typeof thrown !== "function") return `${typeof thrown}: ${String(thrown)}`;
	const text = [readMember(thrown, "stack"), readMember(thrown, "message")].find((value) => typeof value === "string" && value !== "");
	return typeof text === "string" ? text : className(thrown);
}

function describeWithoutMessage(thrown: unknown): string {
	return [className(thrown), ...stackFrames(thrown)].join("\n");
}

const frame = /^ {4}at \S.*(?::\d+:\d+\)?|\(index \d+\)|<anonymous>\)?)$/;

const plainName = /^[\w$]{1,100}$/;
// Node.js puts its own codes between the name and the message.
const plainHead = /^(?:[\w$]{1,100}(?: \[\w{1,100}\])?: )?$/;

/**
 * The lines of a stack that come after the message and say where something was called.
 *
 * A message can have lines that look like frames, and so can a name, which a runtime with source maps reads when the stack is
 * asked for. So the frames count only after a plain name and the message as it is now, and end with the first line that is not one.
 */
function stackFrames(thrown: unknown): readonly string[] {
	const stack = readMember(thrown, "stack");
	const message = readMember(thrown, "message");
	const name = readMember(thrown, "name");
	if (typeof stack !== "string" || typeof message !== "string" || typeof name !== "string" || !plainName.test(name)) return [];
	const start = stack.indexOf(message);
	if (start === -1 || !plainHead.test(stack.slice(0, start))) return [];
	const [rest = "", ...lines] = stack.slice(start + message.length).split("\n");
	// Without a message the first line is a class alone; else the message has been taken away since.
	if (message === "" && rest.includes(":")) return [];
	const end = lines.findIndex((line) => !frame.test(line));
	return end === -1 ? lines : lines.slice(0, end);
}

function isError(thrown: unknown): boolean {
	try {
		return thrown instanceof Error;
	} catch {
		return false;
	}
}

// A JWT begins with the base64url of `{"`. Control characters could rewrite what the terminal shows.
function redact(text: string): string {
	return text
		.replace(/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, "[redacted]")
		.replace(/\b(Bearer|Basic) +\S+/gi, "$1 [redacted]")
		.replace(/[^\P{Cc}\n\t]/gu, "\ufffd");
}

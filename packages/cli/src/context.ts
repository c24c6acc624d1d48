import { createOutput, type Output } from "./output.ts";
import { readStandardInput } from "./standard-input.ts";
import { createPaint, hasColors, type Paint, terminalWidth } from "./terminal.ts";

/** What an action works with. */
export interface CommandContext<Options = unknown> {
	readonly options: Options & { readonly json?: boolean };
	readonly args: readonly (string | undefined)[];
	/** Whether standard output must hold one JSON document and nothing else. */
	readonly json: boolean;
	/** The folder that the command was started in. */
	readonly cwd: string;
	/** The variables of the process. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Colours for standard output. */
	readonly paint: Paint;
	/** Colours for standard error. */
	readonly notePaint: Paint;
	/** Columns to write for. */
	readonly width: number;
	/** Whether a person can be asked: both ends are terminals, and the answer is not JSON. */
	readonly interactive: boolean;
	/** Writes a line to standard output. */
	print(text: string): void;
	/** Writes to standard error what a person may want to know and a pipe does not; nothing with `--json`. */
	note(text: string): void;
	/** Writes a warning to standard error. */
	warn(text: string): void;
	/** From now on this text is written as `[redacted]` wherever it would appear. */
	protect(secret: string): void;
	/** Shows on a terminal that something goes on until the work is done. */
	progress<T>(label: string, work: () => Promise<T>): Promise<T>;
	/** The whole of standard input as text; refused with `stdin_is_terminal` where nobody pipes anything. */
	readStdin(what: string): Promise<string>;
}

export function createContext<Options>(options: Record<string, unknown>, args: readonly (string | undefined)[]): CommandContext<Options> {
	const json = options.json === true;
	const output: Output = createOutput(process.stdout, process.stderr, process.env);
	return {
		options: options as Options & { json?: boolean },
		args,
		json,
		cwd: process.cwd(),
		env: process.env,
		paint: createPaint(!json && hasColors(process.stdout, process.env)),
		notePaint: createPaint(hasColors(process.stderr, process.env)),
		width: terminalWidth(),
		interactive: !json && process.stdin.isTTY === true && process.stdout.isTTY === true,
		print: output.print,
		note: (text) => {
			if (!json) output.note(text);
		},
		warn: output.warn,
		protect: output.protect,
		progress: output.progress,
		readStdin: readStandardInput,
	};
}

import { createPaint, hasColors, type TerminalStream, writeText } from "./terminal.ts";

interface WritableStream extends TerminalStream {
	write(text: string): unknown;
}

export interface Output {
	print(text: string): void;
	note(text: string): void;
	warn(text: string): void;
	protect(secret: string): void;
	progress<T>(label: string, work: () => Promise<T>): Promise<T>;
}

// Below this a text is no secret, and to cut it out of every line would make the output unreadable.
const shortestSecret = 8;

/** Standard output and standard error, neither of which ever shows a protected text or obeys one that came from outside. */
export function createOutput(stdout: WritableStream, stderr: WritableStream, env: Readonly<Record<string, string | undefined>>): Output {
	const secrets = new Set<string>();
	const redact = (text: string): string => [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
	const errorPaint = createPaint(hasColors(stderr, env));
	const isLive = stderr.isTTY === true && env.TERM !== "dumb" && !env.CI;

	return {
		print: (text) => writeText(stdout, `${redact(text)}\n`),
		note: (text) => writeText(stderr, `${redact(text)}\n`),
		warn: (text) => writeText(stderr, `${errorPaint.warning("warning")} ${redact(text)}\n`),
		protect: (secret) => {
			for (const text of [secret, secret.trim(), JSON.stringify(secret).slice(1, -1)]) if (text.length >= shortestSecret) secrets.add(text);
		},
		progress: async (label, work) => {
			if (!isLive) return work();
			let frame = 0;
			const draw = (): void => {
				stderr.write("\r\u001b[2K");
				writeText(stderr, `${errorPaint.accent(frames[frame++ % frames.length] as string)} ${redact(label)}`);
			};
			draw();
			const timer = setInterval(draw, 100);
			try {
				return await work();
			} finally {
				clearInterval(timer);
				stderr.write("\r\u001b[2K");
			}
		},
	};
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

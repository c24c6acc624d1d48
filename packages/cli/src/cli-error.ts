import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** Details of a {@link CliError}; none may hold a token, a secret or the value of a claim. */
export interface CliErrorOptions {
	/** What to do about it. */
	readonly remedy?: string;
	/** Default: 3, it could not be done. */
	readonly exitCode?: ExitCode;
	readonly cause?: unknown;
}

/** A mistake that the person at the terminal can fix. `code` is stable, for scripts. */
export class CliError extends Error {
	override readonly name = "CliError";
	readonly code: string;
	readonly remedy: string | undefined;
	readonly exitCode: ExitCode;

	constructor(code: string, message: string, { remedy, exitCode = exitCodes.failed, cause }: CliErrorOptions = {}) {
		super(message, cause === undefined ? undefined : { cause });
		this.code = code;
		this.remedy = remedy;
		this.exitCode = exitCode;
	}
}

/** The command was called wrongly. */
export function usageError(message: string, remedy?: string, code = "usage"): CliError {
	return new CliError(code, message, { exitCode: exitCodes.usage, ...(remedy === undefined ? {} : { remedy }) });
}

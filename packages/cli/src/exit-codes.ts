/** What the process ends with; help and README list the same. */
export const exitCodes = {
	/** The command has done what it says, or the answer is yes. */
	ok: 0,
	/** The answer is no: a token is refused, a check has found an error. */
	refused: 1,
	/** The command was called wrongly. */
	usage: 2,
	/** The command could not do its work. */
	failed: 3,
	/** Ctrl-C (128 + SIGINT). */
	interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes in words, for the help. */
export const exitCodeDescriptions: readonly (readonly [code: ExitCode, meaning: string])[] = [
	[exitCodes.ok, "done, or the answer is yes"],
	[exitCodes.refused, "the answer is no: a token is refused, a check has found an error"],
	[exitCodes.usage, "wrong use: an unknown option, a missing argument, a secret in an argument"],
	[exitCodes.failed, "it could not be done: a missing key, an unreadable file, an invalid contract"],
	[exitCodes.interrupted, "interrupted by Ctrl-C"],
];

import type { Command } from "commander";

/** A command as the top-level help knows it; its file is loaded only when it runs. */
export interface CommandEntry {
	readonly name: string;
	/** One line, without a full stop. */
	readonly summary: string;
	readonly group: CommandGroup;
	readonly load: () => Promise<Command>;
}

export type CommandGroup = "Set up:" | "Try out:" | "Look up:" | "Shell:";

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
	{
		name: "list",
		summary: "List the widgets that are known",
		group: "Look up:",
		load: async () => (await import("./commands/list.ts")).createListCommand(),
	},
];

/** The one-line summary of a command. */
export function summaryOf(name: string): string {
	return commands.find((entry) => entry.name === name)?.summary ?? "";
}

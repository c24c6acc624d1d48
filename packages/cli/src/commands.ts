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
		name: "secret",
		summary: "Put a strong key into the env file, and print its public half",
		group: "Set up:",
		load: async () => (await import("./commands/secret.ts")).createSecretCommand(),
	},
	{
		name: "mint",
		summary: "Mint a token for an identity, and tell what the vendor will see",
		group: "Try out:",
		load: async () => (await import("./commands/mint.ts")).createMintCommand(),
	},
	{
		name: "verify",
		summary: "Tell what a token proves, claim by claim, and why it is refused",
		group: "Try out:",
		load: async () => (await import("./commands/verify.ts")).createVerifyCommand(),
	},
	{
		name: "list",
		summary: "List the widgets that are known",
		group: "Look up:",
		load: async () => (await import("./commands/list.ts")).createListCommand(),
	},
	{
		name: "show",
		summary: "Show what a widget asks for in its token",
		group: "Look up:",
		load: async () => (await import("./commands/show.ts")).createShowCommand(),
	},
];

/** The one-line summary of a command. */
export function summaryOf(name: string): string {
	return commands.find((entry) => entry.name === name)?.summary ?? "";
}

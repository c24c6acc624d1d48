import type { Command } from "commander";

/** A command as the top-level help knows it; its file is loaded only when it runs. */
export interface CommandEntry {
	readonly name: string;
	/** One line, without a full stop. */
	readonly summary: string;
	readonly group: CommandGroup;
	readonly load: () => Promise<Command>;
}

export type CommandGroup = "Set up:" | "Try out:" | "Look up:" | "Other:";

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
	{
		name: "init",
		summary: "Write the endpoint and the page's part into your app",
		group: "Set up:",
		load: async () => (await import("./commands/init.ts")).createInitCommand(),
	},
	{
		name: "secret",
		summary: "Put a strong key into the env file; print its public half",
		group: "Set up:",
		load: async () => (await import("./commands/secret.ts")).createSecretCommand(),
	},
	{
		name: "recipe",
		summary: "Write the signing code for another language or host",
		group: "Set up:",
		load: async () => (await import("./commands/recipe.ts")).createRecipeCommand(),
	},
	{
		name: "prompt",
		summary: "Write the instructions for an AI coding assistant",
		group: "Set up:",
		load: async () => (await import("./commands/prompt.ts")).createPromptCommand(),
	},
	{
		name: "mint",
		summary: "Mint a token to try out, and tell what the vendor will see",
		group: "Try out:",
		load: async () => (await import("./commands/mint.ts")).createMintCommand(),
	},
	{
		name: "verify",
		summary: "Tell claim by claim what a token proves, or why not",
		group: "Try out:",
		load: async () => (await import("./commands/verify.ts")).createVerifyCommand(),
	},
	{
		name: "doctor",
		summary: "Find out why a visitor stays anonymous, and how to fix it",
		group: "Try out:",
		load: async () => (await import("./commands/doctor.ts")).createDoctorCommand(),
	},
	{
		name: "sandbox",
		summary: "Play the vendors on this machine, and show what they see",
		group: "Try out:",
		load: async () => (await import("./commands/sandbox.ts")).createSandboxCommand(),
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
	{
		name: "completion",
		summary: "Print a completion script for bash, zsh or fish",
		group: "Other:",
		load: async () => (await import("./commands/completion.ts")).createCompletionCommand(),
	},
];

/** The one-line summary of a command. */
export function summaryOf(name: string): string {
	return commands.find((entry) => entry.name === name)?.summary ?? "";
}

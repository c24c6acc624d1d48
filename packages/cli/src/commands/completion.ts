import { Argument, type Command } from "commander";
import { createCommand, run } from "../command.ts";
import { writeBashCompletion } from "../completion/bash.ts";
import { writeFishCompletion } from "../completion/fish.ts";
import { readCompletionSpec } from "../completion/spec.ts";
import { writeZshCompletion } from "../completion/zsh.ts";

const writers = { bash: writeBashCompletion, zsh: writeZshCompletion, fish: writeFishCompletion } as const;

type Shell = keyof typeof writers;

export function createCompletionCommand(): Command {
	return createCommand({
		name: "completion",
		description: "Prints a script that completes commands, options and widgets in a shell.",
		examples: [
			['eval "$(widget-token completion bash)"', "bash: a line for ~/.bashrc"],
			[`widget-token completion zsh > "\${fpath[1]}/_widget-token"`, "zsh: once, then start a new shell"],
			["widget-token completion fish > ~/.config/fish/completions/widget-token.fish", "fish: once"],
		],
	})
		.addArgument(new Argument("<shell>", "which shell").choices(Object.keys(writers)))
		.action(
			run(async ({ args }) => {
				const shell = args[0] as Shell;
				const script = writers[shell](await readCompletionSpec());
				return { data: { shell, script }, text: () => script };
			}),
		);
}

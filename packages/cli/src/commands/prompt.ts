import { type Command, Option } from "commander";
import { copyCommand } from "../clipboard.ts";
import {
	addWidgetArgument,
	type CommandContext,
	type CommandResult,
	createCommand,
	resolveContract,
	run,
	usageError,
	type WidgetOptions,
} from "../command.ts";
import { writePrompt } from "../prompt/prompt.ts";
import { recipeProviders } from "../recipes/languages.ts";
import type { RecipeProvider } from "../recipes/recipe.ts";

interface Options extends WidgetOptions {
	readonly provider?: RecipeProvider;
}

export function createPromptCommand(): Command {
	const command = createCommand({
		name: "prompt",
		description:
			"Writes the instructions to paste into an AI coding assistant: first it inspects the project and reports, then it implements exactly what the widget's contract says. They hold no secret, and tell the assistant to ask for none.",
		examples: [
			[`widget-token prompt bestchatbot --provider clerk | ${copyCommand()}`, "instructions for a project with Clerk, into the clipboard"],
			["widget-token prompt --contract ./my-widget.json", "for a contract of your own"],
		],
	});
	return addWidgetArgument(command)
		.addOption(new Option("--provider <provider>", "what signs the project's users in").choices([...recipeProviders]))
		.action(run<Options>(answer));
}

async function answer({ args, options, cwd }: CommandContext<Options>): Promise<CommandResult> {
	const { contract, rest } = await resolveContract(args, options, cwd);
	if (rest.length > 0) throw usageError("There is an argument too many", "Name one widget.");
	const prompt = writePrompt(contract, options);
	return { data: { widget: contract.id, provider: options.provider ?? null, prompt }, text: () => prompt };
}

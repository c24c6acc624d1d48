import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import {
	addWidgetArgument,
	CliError,
	type CommandContext,
	type CommandResult,
	createCommand,
	formatColumns,
	type Paint,
	resolveContract,
	run,
	usageError,
	type WidgetOptions,
} from "../command.ts";
import { recipeLanguages, recipeProviders } from "../recipes/languages.ts";
import type { Recipe, RecipeFile, RecipeProvider } from "../recipes/recipe.ts";

interface Options extends WidgetOptions {
	readonly lang?: string;
	readonly provider?: RecipeProvider;
	readonly out?: string;
}

export function createRecipeCommand(): Command {
	const languages = recipeLanguages.map(({ name, description }) => `  ${name.padEnd(18)} ${description}`).join("\n");
	const command = createCommand({
		name: "recipe",
		description: `Writes the code that gives a widget its token without any package of ours, for any contract. It holds no secret: keys come from the environment.\n\n${languages}`,
		examples: [
			["widget-token recipe hilal --lang python", "a signing function, to look at"],
			["widget-token recipe bestchatbot --lang wordpress --out wp-content/plugins", "a plugin, as files"],
			["widget-token recipe onpilot --lang aws-lambda --provider clerk --out token", "an endpoint for a static site"],
		],
	});
	return addWidgetArgument(command)
		.addOption(new Option("--lang <language>", "the language or host, of those above").choices(recipeLanguages.map(({ name }) => name)))
		.addOption(new Option("--provider <provider>", "whose signed-in user the code reads").choices([...recipeProviders]))
		.option("--out <folder>", "write the files there; none that exists is overwritten")
		.action(run<Options>(answer));
}

async function answer(context: CommandContext<Options>): Promise<CommandResult> {
	const { args, options, cwd, note, notePaint, paint } = context;
	const { contract, rest } = await resolveContract(args, options, cwd);
	if (rest.length > 0) throw usageError("There is an argument too many", "Name one widget.");
	const language = recipeLanguages.find(({ name }) => name === options.lang);
	if (language === undefined)
		throw usageError(
			"Which language?",
			`Add --lang with one of: ${recipeLanguages.map(({ name }) => name).join(", ")}.`,
			"language_required",
		);
	if (options.provider !== undefined && !language.hasProviders) {
		const able = recipeLanguages.filter(({ hasProviders }) => hasProviders).map(({ name }) => name);
		throw usageError(`The recipe for ${language.name} takes the user from your own session`, `--provider goes with ${able.join(", ")}.`);
	}
	const recipe = (await language.load())(contract, { provider: options.provider });
	const written = options.out === undefined ? undefined : writeFiles(resolve(cwd, options.out), recipe.files);
	note(describeUse(recipe, notePaint));
	return {
		data: { widget: contract.id, language: language.name, provider: options.provider ?? null, ...recipe, written: written ?? [] },
		text: () => (written === undefined ? showFiles(recipe.files, paint) : written.map((file) => `${paint.good("✓")} ${file}`).join("\n")),
	};
}

/** One file is shown as it is, so that it can be piped into one. */
function showFiles(files: readonly RecipeFile[], paint: Paint): string {
	if (files.length === 1) return (files[0]?.text ?? "").trimEnd();
	return files
		.map(({ name, text }) => `${paint.bold(`--- ${name}`)}\n${text}`)
		.join("\n")
		.trimEnd();
}

function describeUse({ install, run: use, notes }: Recipe, paint: Paint): string {
	return [
		...(install === "" ? [] : [paint.bold("Install"), `  ${install}`, ""]),
		paint.bold("Use"),
		...use.split("\n").map((line) => `  ${line}`.trimEnd()),
		"",
		paint.bold("Know"),
		formatColumns(notes.map((text) => ["-", text])),
		"",
	].join("\n");
}

/** Writes all files or none: one that exists may hold somebody's work. */
function writeFiles(folder: string, files: readonly RecipeFile[]): string[] {
	const existing = files.find(({ name }) => existsSync(join(folder, name)));
	if (existing !== undefined) {
		throw new CliError("file_exists", `${existing.name} is there already, and is left as it is`, {
			remedy: "Name another folder with --out, or move the file away.",
		});
	}
	try {
		for (const { name, text } of files) {
			mkdirSync(dirname(join(folder, name)), { recursive: true });
			writeFileSync(join(folder, name), text, { flag: "wx" });
		}
	} catch (cause) {
		throw new CliError("file_unwritable", "The files cannot be written", {
			remedy: "Name a folder with --out that can be written to.",
			cause,
		});
	}
	return files.map(({ name }) => name);
}

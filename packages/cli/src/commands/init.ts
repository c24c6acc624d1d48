import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type CommandContext, type CommandResult, createCommand, exitCodes, run, usageError } from "../command.ts";
import { askGit } from "../git-ignore.ts";
import { applyPlan } from "../init/apply.ts";
import { installPackages } from "../init/install.ts";
import { createPlan, isSettled, type Plan } from "../init/plan.ts";
import { inspectProject } from "../init/project.ts";
import { createQuestions } from "../init/questions.ts";
import { describeAsData, describeOutcome, describePlan, type Outcome } from "../init/report.ts";
import { type InitOptions, settleChoices } from "../init/settle-choices.ts";
import { type Paint, printable } from "../terminal.ts";

interface Options extends InitOptions {
	readonly dir?: string;
	readonly yes?: boolean;
	readonly dryRun?: boolean;
	readonly install?: boolean;
}

export function createInitCommand(): Command {
	return createCommand({
		name: "init",
		description:
			"Looks at the app in this folder, shows what it would write, and asks what it cannot see. It writes the token endpoint, the widget's part of the page and env placeholders without values. A file that is there is never changed, but for new lines at the end of an env file and one more widget in an endpoint that is as it wrote it; so it can run again.",
		examples: [
			["widget-token init", "look, show, ask, write"],
			["widget-token init --provider clerk --widget bestchatbot --yes", "without a question"],
			["widget-token init hilal", "another widget for an app that has one"],
			["widget-token init --contract ./my-widget.json --dry-run", "a contract of your own; show a diff and write nothing"],
		],
	})
		.argument("[widget]", "a widget's id, as `widget-token list` shows it")
		.option("--widget <id>", "the same")
		.option("--contract <file>", "a contract of your own as a JSON file")
		.option("--provider <id>", "who signs users in: clerk, firebase, supabase, auth0 or custom")
		.option("--framework <id>", "next-app, next-pages, express, hono, worker or supabase-edge")
		.option("--route <path>", "the path of the endpoint (default: /api/widget-token)")
		.option("--embed <name>", "which of the widget's embeds (default: its first)")
		.option("--client <file>", "where the browser's part goes, if not to its usual place")
		.option("--dotenv <file>", "add the variables to this file")
		.option("--sandbox", "let the page load the sandbox's script, for local work")
		.option("--dir <folder>", "the app's folder (default: this one)")
		.option("--install", "install the packages that are missing")
		.option("--dry-run", "write nothing; print a diff")
		.option("-y, --yes", "write without asking")
		.action(run<Options>(answer));
}

async function answer(context: CommandContext<Options>): Promise<CommandResult> {
	const { args, options, cwd, json, notePaint } = context;
	if (args[0] !== undefined && options.widget !== undefined) throw usageError("The widget is named twice", "Leave out --widget.");
	const project = inspectProject(options.dir === undefined ? cwd : resolve(cwd, options.dir));
	const questions = createQuestions(context.interactive);
	const choices = await settleChoices(project, args[0] === undefined ? options : { ...options, widget: args[0] }, questions, cwd);
	const plan = await createPlan(project, choices);
	// The library for questions leaves the line after an answer to us.
	if (context.interactive) context.note("");
	context.note(describePlan(plan, notePaint));
	if (options.dryRun === true) return preview(plan, context);

	const changed = plan.files.filter(({ state }) => state === "earlier");
	if (changed.length > 0) context.note(`${paintDiff((await loadDiff())({ files: changed, env: [] }), notePaint)}`);
	const installs = options.install === true && plan.install !== undefined;
	if (!isSettled(plan) || installs) {
		const isAgreed =
			options.yes === true ||
			(await questions.confirm(isSettled(plan) ? "Install the packages?" : "Write this?", "--yes, or --dry-run to see a diff"));
		if (context.interactive) context.note("");
		if (!isAgreed) return report(plan, { written: [], isInstalled: false }, () => "Nothing is written.");
	}
	const written = applyPlan(plan);
	for (const warning of findWarnings(plan)) context.warn(warning);
	if (installs && plan.install !== undefined) {
		if (!json) context.note(notePaint.dim(`$ ${plan.install.join(" ")}`));
		await installPackages(plan.install, project.files.root);
	}
	const outcome: Outcome = { written, isInstalled: installs };
	return report(plan, outcome, () => describeOutcome(plan, outcome, context.paint, context.width));
}

function report(plan: Plan, outcome: Outcome, text: () => string): CommandResult {
	const isRefused = plan.files.some(({ state }) => state === "conflict");
	return { data: describeAsData(plan, outcome), text, exitCode: isRefused ? exitCodes.refused : exitCodes.ok };
}

async function preview(plan: Plan, { paint }: CommandContext): Promise<CommandResult> {
	const diff = (await loadDiff())(plan);
	return {
		...report(plan, { written: [], isInstalled: false }, () =>
			diff === "" ? "There is nothing to write." : paintDiff(diff.trimEnd(), paint),
		),
		data: { ...describeAsData(plan, { written: [], isInstalled: false }), diff },
	};
}

// With its library, which a first run has no use for.
async function loadDiff(): Promise<typeof import("../init/diff.ts").writeDiff> {
	return (await import("../init/diff.ts")).writeDiff;
}

function paintDiff(diff: string, paint: Paint): string {
	return diff
		.split("\n")
		.map((line) => {
			if (/^(?:---|\+\+\+) /.test(line)) return paint.bold(line);
			if (line.startsWith("@@")) return paint.accent(line);
			return line.startsWith("+") ? paint.good(line) : line.startsWith("-") ? paint.bad(line) : line;
		})
		.join("\n");
}

function findWarnings({ project, env }: Plan): string[] {
	return env.flatMap(({ path }) => {
		const state = askGit(join(project.files.root, path));
		if (state === "tracked")
			return [`${printable(path)} is committed to git: take it out and add it to .gitignore, before a key comes in.`];
		return state === "exposed" ? [`${printable(path)} is not ignored by git: add it to .gitignore, before a key comes in.`] : [];
	});
}

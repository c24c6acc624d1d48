import { type Paint, printable, wrapText } from "../command.ts";
import { formatColumns } from "../terminal.ts";
import type { EnvPlan } from "./env-plan.ts";
import type { Plan } from "./plan.ts";
import type { FilePlan } from "./planned-file.ts";

/** What has been done. */
export interface Outcome {
	readonly written: readonly string[];
	readonly isInstalled: boolean;
}

/** What is seen and what would be written, for a person. */
export function describePlan({ project, choices, files, env, packages }: Plan, paint: Paint): string {
	const { framework, provider, contract, because } = choices;
	const language = project.isTypeScript ? "TypeScript" : "JavaScript";
	const { name, because: lock } = project.packageManager;
	const facts = [
		["Project", printable(project.name), `${language}, ${name} (${lock})`],
		["Framework", framework.name, because.framework],
		["Provider", provider.name, because.provider],
		["Widget", printable(contract.name), because.widget],
	].map(([label = "", value = "", reason = ""]) => [paint.bold(label), value, paint.dim(printable(reason))]);
	const rows = [
		...files.map((file) => describeFile(file, printable(contract.name), paint)),
		...env.map((plan) => describeEnv(plan, paint)),
	];
	return [
		formatColumns(facts, { indent: 0 }),
		"",
		paint.bold("Files"),
		formatColumns(rows.length === 0 ? [["nothing"]] : rows),
		...(packages.length === 0 ? [] : ["", paint.bold("Packages"), formatColumns([[packages.join(" ")]])]),
		"",
	].join("\n");
}

function describeFile({ path, purpose, state, present }: FilePlan, widget: string, paint: Paint): string[] {
	const name = printable(present ?? path);
	switch (state) {
		case "missing":
			return [`${paint.good("+")} ${name}`, purpose];
		case "earlier":
			return [`${paint.good("~")} ${name}`, `gains ${widget}; it is as init wrote it`];
		case "same":
			return [paint.dim(`= ${name}`), paint.dim("is there")];
		case "own":
			return [paint.dim(`= ${name}`), paint.dim("is there, with changes of yours; it is kept")];
		case "conflict":
			return [`${paint.bad("!")} ${name}`, "is there and does something else; it is kept"];
	}
}

function describeEnv({ path, exists, variables }: EnvPlan, paint: Paint): string[] {
	return [
		`${paint.good(exists ? "~" : "+")} ${printable(path)}`,
		variables.map(({ name, value }) => (value === "" ? `${name}=` : `${name}=…`)).join("\n"),
	];
}

/** What has been done and what is left, for a person. */
export function describeOutcome(plan: Plan, { written, isInstalled }: Outcome, paint: Paint, width: number): string {
	const conflicts = plan.files.filter(({ state }) => state === "conflict");
	const done =
		written.length > 0
			? [`${paint.good("✓")} ${written.length === 1 ? "1 file is" : `${written.length} files are`} written.`]
			: conflicts.length === 0
				? [`${paint.good("✓")} There is nothing to write.`]
				: [];
	return [
		...done,
		...conflicts.map((file) => describeConflict(file, paint, width)),
		...describeSteps(plan, paint, width),
		describeNext(plan, isInstalled, paint),
	].join("\n\n");
}

function describeConflict({ path, present, purpose, content }: FilePlan, paint: Paint, width: number): string {
	const sentence = `${paint.bold(printable(present ?? path))} is there and does something else; it is kept. What it needs to be ${purpose}:`;
	return `${hang(paint.bad("!"), sentence, width)}\n\n${indent(content.trimEnd(), 5)}`;
}

function describeSteps({ steps }: Plan, paint: Paint, width: number): string[] {
	const left = steps.filter(({ done }) => !done);
	if (left.length === 0) return [];
	const items = left.map(({ file, title, code }, index) => {
		const sentence = file === undefined ? title : `${paint.bold(printable(file))}: ${title}`;
		return hang(`${index + 1}.`, sentence, width) + (code === undefined ? "" : `\n\n${indent(code, 5)}`);
	});
	return [paint.bold("By hand"), ...items];
}

function describeNext({ project, choices, install }: Plan, isInstalled: boolean, paint: Paint): string {
	const { contract, contractFile } = choices;
	const run = `${project.packageManager.runner} widget-token`;
	const widget = contractFile === undefined ? contract.id : `--contract ${contractFile}`;
	const lines = [
		...(install === undefined || isInstalled ? [] : [install.join(" ")]),
		`${run} secret ${widget}`,
		`${run} doctor ${widget}`,
		`${run} sandbox ${widget}`,
	];
	return `${paint.bold("Next")}\n${lines.map((line) => `  ${paint.accent(printable(line))}`).join("\n")}`;
}

function hang(mark: string, text: string, width: number): string {
	return `  ${mark} ${wrapText(text, width - 5).join("\n     ")}`;
}

function indent(text: string, by: number): string {
	return text.replace(/^(?=.)/gm, " ".repeat(by));
}

/** The same for a program. */
export function describeAsData(plan: Plan, { written, isInstalled }: Outcome): Readonly<Record<string, unknown>> {
	const { project, choices, files, env, steps, packages, install } = plan;
	return {
		project: { name: project.name, typescript: project.isTypeScript, packageManager: project.packageManager.name },
		framework: choices.framework.id,
		provider: choices.provider.id,
		widget: choices.contract.id,
		route: choices.route,
		files: [
			...files.map(({ path, present, state, content }) => ({ path: present ?? path, state, written: written.includes(path), content })),
			...env.map(({ path, variables }) => ({
				path,
				state: "missing",
				written: written.includes(path),
				variables: variables.map(({ name }) => name),
			})),
		],
		steps: steps.map(({ file, title, code, done }) => ({ file, title, code, done })),
		packages,
		install: install?.join(" "),
		installed: isInstalled,
	};
}

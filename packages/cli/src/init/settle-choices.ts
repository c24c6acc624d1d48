import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Contract } from "@widget-token/core";
import { usageError } from "../cli-error.ts";
import { knownContracts, resolveContract } from "../contract-argument.ts";
import { type AuthProvider, authProvider, authProviders, detectProviders } from "./auth-provider.ts";
import type { Choices } from "./choices.ts";
import { detectFrameworks, type Framework, frameworks } from "./framework.ts";
import { readOwnContract } from "./own-contract.ts";
import type { Project } from "./project.ts";
import type { Questions } from "./questions.ts";
import type { Seen } from "./seen.ts";

/** The options of `init` that decide what is written. */
export interface InitOptions {
	readonly widget?: string;
	readonly contract?: string;
	readonly provider?: string;
	readonly framework?: string;
	readonly embed?: string;
	readonly route?: string;
	readonly client?: string;
	readonly dotenv?: string;
	readonly sandbox?: boolean;
}

/** Settles each choice: by its option, else by what the project shows, else by a question. `cwd` is where paths begin. */
export async function settleChoices(project: Project, given: InitOptions, questions: Questions, cwd: string): Promise<Choices> {
	const options = readWidgetPath(given);
	const { root } = project.files;
	const [framework, frameworkBecause] = await settleFramework(project, options, questions);
	const [provider, providerBecause] = await settleProvider(project, framework, options, questions);
	const [contract, widgetBecause] = await settleWidget(project, options, questions, cwd);
	const { embed = "default", route = framework.id === "supabase-edge" ? "/widget-token" : "/api/widget-token" } = options;
	if (!/^(?:\/[\w-]+)+$/.test(route))
		throw usageError(
			"--route takes a path such as /api/widget-token",
			"Use letters, digits, - and _ between the slashes.",
			"route_invalid",
		);
	const embeds = Object.keys(contract.delivery?.embeds ?? { default: {} });
	if (!embeds.includes(embed))
		throw usageError(`${contract.name} has no such embed`, `Pass --embed with one of: ${embeds.join(", ")}.`, "embed_unknown");
	const inside = (option: string, path: string): string => toInside(root, resolve(cwd, path), option);
	return {
		framework,
		provider,
		contract,
		contractFile: options.contract === undefined ? undefined : toPosix(relative(root, resolve(cwd, options.contract))),
		embed,
		route,
		clientFile: options.client === undefined ? undefined : checkClient(inside("--client", options.client)),
		envFile: options.dotenv === undefined ? undefined : inside("--dotenv", options.dotenv),
		sandbox: options.sandbox === true,
		because: { framework: frameworkBecause, provider: providerBecause, widget: widgetBecause },
	};
}

// As with the other commands, a path may stand in place of a widget's id.
function readWidgetPath(options: InitOptions): InitOptions {
	const { widget, contract, ...others } = options;
	if (widget !== undefined && contract !== undefined)
		throw usageError("The widget can come from one place only", "Pass --widget or --contract.");
	return widget !== undefined && /[/\\]|\.json$/.test(widget) ? { ...others, contract: widget } : options;
}

async function settleFramework(project: Project, { framework: id }: InitOptions, questions: Questions): Promise<[Framework, string]> {
	const list = frameworks.map((each) => each.id).join(", ");
	if (id !== undefined) {
		const given = frameworks.find((each) => each.id === id);
		if (given === undefined) throw usageError("There is no such framework", `Pass --framework with one of: ${list}.`, "framework_unknown");
		return [given, "--framework"];
	}
	const seen = detectFrameworks(project);
	const offered = seen.length > 0 ? frameworks.filter((each) => seen.some((one) => one.id === each.id)) : frameworks;
	const settled = seen.length === 1 ? seen[0] : undefined;
	const chosen =
		settled?.id ??
		(await questions.choose(
			"Where does the endpoint run?",
			offered.map(toAnswer),
			`--framework with one of: ${offered.map((each) => each.id).join(", ")}`,
		));
	return [frameworks.find((each) => each.id === chosen) as Framework, settled?.because ?? "your answer"];
}

async function settleProvider(
	project: Project,
	framework: Framework,
	{ provider: id }: InitOptions,
	questions: Questions,
): Promise<[AuthProvider, string]> {
	const fitting = authProviders.filter((each) => framework.providers.includes(each.id));
	const list = fitting.map((each) => each.id).join(", ");
	if (id !== undefined) {
		const given = fitting.find((each) => each.id === id);
		if (given !== undefined) return [given, "--provider"];
		const known = authProviders.find((each) => each.id === id);
		const problem = known === undefined ? "There is no such provider" : `${known.name} has no way into ${framework.name} yet`;
		throw usageError(problem, `Pass --provider with one of: ${list}.`, known === undefined ? "provider_unknown" : "provider_unfit");
	}
	const [only, ...others] = fitting;
	if (only !== undefined && others.length === 0) return [only, `the one for ${framework.name}`];
	const seen: readonly Seen<AuthProvider["id"]>[] = detectProviders(project).filter((each) => framework.providers.includes(each.id));
	const settled = seen.length === 1 ? seen[0] : undefined;
	if (settled !== undefined) return [authProvider(settled.id), settled.because];
	const offered = seen.length > 0 ? seen.map((each) => authProvider(each.id)) : fitting;
	const chosen = await questions.choose("Who signs the users in?", offered.map(toAnswer), `--provider with one of: ${list}`);
	return [authProvider(chosen), "your answer"];
}

async function settleWidget(
	{ env }: Project,
	{ widget, contract: file }: InitOptions,
	questions: Questions,
	cwd: string,
): Promise<[Contract, string]> {
	if (file !== undefined) return [await readOwnContract(file, cwd), "--contract"];
	const known = knownContracts();
	if (widget !== undefined) return [(await resolveContract([widget], {}, cwd)).contract, "given"];
	const seen = known.filter(({ key }) => env.fileOf(key.env) !== undefined);
	const [only, ...others] = seen;
	if (only !== undefined && others.length === 0) return [only, `${only.key.env} in ${env.fileOf(only.key.env) ?? ""}`];
	const offered = seen.length > 0 ? seen : known;
	const ids = known.map(({ id }) => id).join(", ");
	const chosen = await questions.choose("Which widget?", offered.map(toAnswer), `--widget with one of: ${ids}; or --contract FILE`);
	return [known.find(({ id }) => id === chosen) as Contract, "your answer"];
}

function toAnswer<Id extends string>({
	id,
	name,
}: {
	readonly id: Id;
	readonly name: string;
}): { readonly value: Id; readonly label: string } {
	return { value: id, label: name };
}

function toInside(root: string, path: string, option: string): string {
	const inside = relative(root, path);
	if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) {
		throw usageError(`${option} leads out of the project`, "Name a file below the project's folder.", "path_outside");
	}
	return toPosix(inside);
}

function checkClient(path: string): string {
	if (/\.(?:[jt]sx?|m[jt]s)$/.test(path)) return path;
	throw usageError(
		"--client takes a file of JavaScript or TypeScript",
		"Name one such as src/widget.ts, or src/widget.tsx for a component of React.",
		"client_invalid",
	);
}

function toPosix(path: string): string {
	return path.split(sep).join("/");
}

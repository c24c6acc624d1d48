import type { Contract } from "@widget-token/core";
import type { Command } from "commander";
import {
	addWidgetArgument,
	type CommandContext,
	type CommandResult,
	createCommand,
	exitCodes,
	resolveContract,
	run,
	usageError,
	type WidgetOptions,
} from "../command.ts";
import { knownContracts } from "../contract-argument.ts";
import { checkApp } from "../doctor/app-checks.ts";
import type { CheckId } from "../doctor/checks.ts";
import { checkClock } from "../doctor/clock-check.ts";
import { type CredentialOptions, readVisitors, type Visitor } from "../doctor/credential.ts";
import { openEndpoint } from "../doctor/endpoint.ts";
import { describeSilence, EndpointSilent } from "../doctor/endpoint-silence.ts";
import { type Diagnosis, mergeFindings } from "../doctor/finding.ts";
import { isLoopback } from "../doctor/loopback.ts";
import { explainMissing } from "../doctor/missing-in-app.ts";
import { findKeyPlaces, findWidgets, type Project, readProject } from "../doctor/project.ts";
import { checkProject } from "../doctor/project-checks.ts";
import { type Fixed, type Report, reportAsData, reportAsText } from "../doctor/report.ts";
import { lacksPage } from "../doctor/setups.ts";
import type { Visit } from "../doctor/visit.ts";
import { addSettingOption, readSettings, type SettingOptions } from "../setting-option.ts";

interface Options extends WidgetOptions, SettingOptions, CredentialOptions {
	readonly widget?: string;
	readonly url?: string;
	readonly clockUrl?: string;
	readonly fix?: boolean;
}

export function createDoctorCommand(): Command {
	const command = createCommand({
		name: "doctor",
		description:
			"Finds out why a visitor stays anonymous, or could pass for another one. It looks at the project in this folder, and with --url asks the running app: as nobody, as other sites, with forged credentials, and as two users whose credentials you give. Every finding says what was expected, what it got and how to fix it.\n\nA user's credential is the Cookie header or the bearer token of a signed-in browser, in a file of its own. It is sent to --url only, and redirects are not followed.",
		examples: [
			["widget-token doctor", "the project in this folder"],
			["widget-token doctor hilal --url http://localhost:3000/api/widget-token", "and the running app"],
			["widget-token doctor --url http://localhost:3000/api/widget-token --as ada.txt --as grace.txt", "and the tokens of two users"],
			["widget-token doctor --fix", "fix what is safe to fix: quotes and line breaks around a key, .gitignore"],
		],
	});
	addWidgetArgument(command)
		.option("--widget <widget>", "the same as the argument")
		.option("--url <address>", "the token endpoint of the running app")
		.option("--as <file>", "a user's credential, or - for standard input; twice for two users", collect)
		.option("--as-env <name>", "a variable that holds a user's credential; twice for two users", collect)
		.option("--clock-url <address>", "hold this machine's clock against this server's")
		.option("--fix", "fix what is safe to fix");
	return addSettingOption(command).action(run<Options>(answer));
}

async function answer(context: CommandContext<Options>): Promise<CommandResult> {
	const { options, cwd, env, paint, width } = context;
	const url = readAddress(options.url, "--url");
	const clockUrl = readAddress(options.clockUrl, "--clock-url");
	const named = await readNamed(context);
	const project = await context.progress("Reading the project", async () => readProject(cwd, env));
	const found = named === undefined ? findWidgets(project) : [named];
	const asked = named ?? chooseAsked(found, url);
	const contracts = found.length === 0 && asked !== undefined ? [asked] : found;
	if (contracts.length === 0 && url === undefined && clockUrl === undefined) {
		throw usageError(
			"Which widget? Cannot detect it from this folder",
			"Run it in the folder of your app, or name a widget: widget-token doctor hilal",
			"widget_required",
		);
	}
	for (const contract of contracts) {
		for (const { value, bare } of findKeyPlaces(project, contract)) for (const text of [value, bare]) context.protect(text);
	}
	const visitors = await readVisitors(context, project.env);
	if (visitors.length > 0) checkTransport(url);

	const { diagnoses: ofProject, fixed } = await examineProject(project, contracts, url, context);
	const ofClock = clockUrl === undefined ? [] : await context.progress("Asking for the time", () => askClock(clockUrl));
	const notChecked: string[] = [];
	if (!hasProject(project)) notChecked.push("The project: there is neither a package.json nor an env file in this folder.");
	const skip = (reason: string): void => void (notChecked.includes(reason) || notChecked.push(reason));
	if (lacksPage(project.sources)) skip("The page: nothing in this folder imports @widget-token/client, which shows the widget.");
	if (url === undefined) skip("The running app: pass --url with the address of its token endpoint.");
	const ofApp = url === undefined ? [] : await examineApp(url, asked, visitors, project, skip, context);

	const findings = mergeFindings([...withoutAnswered(ofProject, ofApp), ...ofClock, ...ofApp]);
	const report: Report = { widgets: contracts.map(({ id }) => id), url: url && showAddress(url, asked), findings, fixed, notChecked };
	return {
		data: reportAsData(report),
		text: () => reportAsText(report, paint, width),
		exitCode: findings.some(({ level }) => level === "error") ? exitCodes.refused : exitCodes.ok,
	};
}

interface Examined {
	readonly diagnoses: readonly Diagnosis[];
	readonly fixed: readonly Fixed[];
}

/** The project's findings; with `--fix` those that are left after the safe ones were fixed. */
async function examineProject(
	project: Project,
	contracts: readonly Contract[],
	url: URL | undefined,
	{ options, cwd, env, progress }: CommandContext<Options>,
): Promise<Examined> {
	if (!hasProject(project)) return { diagnoses: [], fixed: [] };
	const check = (checked: Project): Promise<readonly Diagnosis[]> =>
		progress("Looking at the project and its build output", () => checkProject(checked, contracts, url?.pathname));
	const diagnoses = await check(project);
	if (options.fix !== true) return { diagnoses, fixed: [] };
	const fixed = mergeFindings(diagnoses).flatMap(({ check: name, repair }) =>
		repair === undefined ? [] : [{ check: name, done: repair() }],
	);
	return { diagnoses: fixed.length === 0 ? diagnoses : await check(readProject(cwd, env)), fixed };
}

async function examineApp(
	url: URL,
	contract: Contract | undefined,
	visitors: readonly Visitor[],
	project: Project,
	skip: (reason: string) => void,
	{ options, progress, protect }: CommandContext<Options>,
): Promise<readonly Diagnosis[]> {
	if (contract === undefined) skip("The claims of tokens: name the widget, as in widget-token doctor hilal --url …");
	if (visitors.length === 0) skip("Users and their tokens: pass --as twice, with the credentials of two users.");
	if (visitors.length === 1) skip("Whether users are kept apart: pass --as twice.");
	const endpoint = openEndpoint(url);
	const place = contract && findKeyPlaces(project, contract)[0];
	const env = project.env.values;
	const settings = contract === undefined ? {} : readSettings(contract, options, env);
	const key = place && { secret: place.value, from: place.where };
	try {
		const visit: Visit = {
			endpoint,
			contract,
			visitors,
			env,
			key,
			settings,
			skip,
			protect,
			explainMissing: (answer) => explainMissing(project, contract, { ...answer, url }),
		};
		return await checkApp(visit, progress);
	} finally {
		endpoint.close();
	}
}

const variableChecks: ReadonlySet<CheckId> = new Set(["key-present", "setting-present"]);

// Where the running app has shown whether it has its variables, that is the one conclusion.
function withoutAnswered(ofProject: readonly Diagnosis[], ofApp: readonly Diagnosis[]): readonly Diagnosis[] {
	const isServed = ofApp.some(({ check, level }) => check === "user-token" && level === "ok");
	const explained = new Set(ofApp.filter(({ level }) => level !== "ok").map(({ check }) => check));
	return ofProject.filter(({ check, level }) => !variableChecks.has(check) || !(explained.has(check) || (isServed && level === "warning")));
}

async function readNamed({ args, options, cwd }: CommandContext<Options>): Promise<Contract | undefined> {
	const given = [...args.filter((argument) => argument !== undefined), ...(options.widget === undefined ? [] : [options.widget])];
	if (given.length === 0 && options.contract === undefined) return undefined;
	const { contract, rest } = await resolveContract(given, options, cwd);
	if (rest.length > 0) throw usageError("The doctor looks at one widget, or at all that the project uses", "Name one widget.");
	return contract;
}

function chooseAsked(found: readonly Contract[], url: URL | undefined): Contract | undefined {
	const inQuery = url?.searchParams.get("widget");
	if (inQuery) return [...found, ...knownContracts()].find(({ id }) => id === inQuery);
	return found.length === 1 ? found[0] : undefined;
}

function readAddress(text: string | undefined, option: string): URL | undefined {
	if (text === undefined) return undefined;
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol))
		throw usageError(
			`${option} takes an address with http: or https:`,
			`Give a whole one: ${option} http://localhost:3000/api/widget-token`,
		);
	if (url.username !== "" || url.password !== "")
		throw usageError(
			`${option} holds a password`,
			"Whoever may list the processes of this machine sees it. Pass --as FILE with a line Authorization: …",
			"secret_in_arguments",
		);
	return url;
}

// A member of the query may be a secret, such as one that lets requests through a deployment's protection.
function showAddress({ origin, pathname, searchParams }: URL, asked: Contract | undefined): string {
	const widget = asked !== undefined && searchParams.get("widget") === asked.id ? `?widget=${asked.id}` : "";
	const others = [...searchParams.keys()].some((name) => widget === "" || name !== "widget");
	return `${origin}${pathname}${widget}${others ? (widget === "" ? "?…" : "&…") : ""}`;
}

// A credential that goes over an open line is everybody's.
function checkTransport(url: URL | undefined): void {
	if (url === undefined) throw usageError("--as needs --url", "Name the endpoint that the users' credentials are for.");
	if (url.protocol === "https:" || isLoopback(url.hostname)) return;
	throw usageError("A user's credential is not sent without TLS", "Give an https: address; http: is for this machine only.");
}

function hasProject({ manifest, envFiles, sources }: Project): boolean {
	return Object.keys(manifest).length > 0 || envFiles.length > 0 || sources.length > 0;
}

async function askClock(url: URL): Promise<readonly Diagnosis[]> {
	const endpoint = openEndpoint(url);
	try {
		return checkClock(await endpoint.ask({ about: "HEAD", method: "HEAD" }), url.host);
	} catch (error) {
		if (error instanceof EndpointSilent) return [describeSilence(error, url.host)];
		throw error;
	} finally {
		endpoint.close();
	}
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
	return [...previous, value];
}

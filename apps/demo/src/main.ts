import { lastLines } from "./apps.ts";
import { type Options, readArguments, UsageError, usage } from "./arguments.ts";
import { collectFailures, renderFailures } from "./failures.ts";
import { createHub, type Hub } from "./hub.ts";
import { createProcessGroups, type RunningProgram } from "./process-groups.ts";
import { auth0 } from "./providers/auth0.ts";
import { clerk } from "./providers/clerk.ts";
import { firebase } from "./providers/firebase.ts";
import type { Provider } from "./providers/provider.ts";
import { supabase } from "./providers/supabase.ts";
import { isRight, type Results, writeReport } from "./report.ts";
import { type Progress, run, type Stage } from "./run.ts";
import { paint, renderCells, renderRefusals } from "./tables.ts";

const providers: readonly Provider[] = [clerk, firebase, supabase, auth0];
const groups = createProcessGroups();
const progress: readonly Progress[] = providers.map((provider) => ({ provider }));
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let stage: Stage | undefined;
let hub: Hub | undefined;
let exitCode: number | undefined;

/** Ends all that the demo has started, then the demo; the first exit code counts. */
async function exit(code: number): Promise<void> {
	if (exitCode !== undefined) return;
	exitCode = code;
	await Promise.allSettled([groups.stopAll(), hub?.close(), ...progress.map(({ backend }) => backend?.close())]);
	process.exit(exitCode);
}

async function main(options: Options): Promise<void> {
	stage = { groups, withSandbox: !options.check };
	if (!options.check) {
		hub = await createHub(progress, stage);
		console.log(`All of it on one page: ${paint("cyan", hub.address)}\n`);
	}
	const results = await run(progress, stage);
	const seconds = Math.round(performance.now() / 1000);
	if (options.json !== undefined) writeReport(options.json, results);
	show(results);
	const { cells, refusals } = results;
	const asked = refusals.filter(({ notApplicable }) => notApplicable === null);
	const right = (all: readonly { readonly findings: readonly unknown[] }[]): number =>
		all.filter(({ findings }) => findings.length === 0).length;
	const summary = `${right(cells)} of ${cells.length} tokens and ${right(asked)} of ${asked.length} refusals are right, after ${seconds} s.`;
	console.log(`\n${isRight(results) ? paint("green", summary) : paint("red", summary)}`);
	if (options.json !== undefined) console.log(`Every answer, token, key and claim: ${options.json}`);
	const code = isRight(results) ? 0 : 1;
	if (options.check) return exit(code);
	stayUp(code);
}

function show({ cells, refusals }: Results): void {
	console.log(`\n${paint("bold", "Tokens")}, checked by the rules of each vendor's page: how long each is valid\n`);
	console.log(renderCells(providers, cells));
	console.log(`\n${paint("bold", "No token")} for whom there must be none: the status of the answer\n`);
	console.log(renderRefusals(providers, refusals));
	const failures = collectFailures(providers, cells, refusals);
	if (failures.length > 0) console.log(`\n${renderFailures(failures, logOf)}`);
}

function logOf(provider: Provider): string {
	const programs = progress.find((entry) => entry.provider === provider)?.running?.programs ?? [];
	return programs.map((program) => lastLines(program, 8)).join("\n");
}

function stayUp(code: number): void {
	console.log(`\nThe apps stay up until Ctrl-C:\n`);
	if (hub !== undefined) console.log(` ${paint("bold", "All".padEnd(9))}  ${paint("cyan", hub.address)}  leads to the others`);
	if (stage?.sandbox !== undefined) {
		console.log(
			` ${paint("bold", "Sandbox".padEnd(9))}  ${paint("cyan", stage.sandbox.address)}  plays the vendors, and says why a visitor is anonymous`,
		);
		watch(stage.sandbox.program);
	}
	for (const { provider, running } of progress) {
		if (running === undefined) continue;
		console.log(` ${paint("bold", provider.name.padEnd(9))}  ${paint("cyan", running.address)}  ${running.hint}`);
		console.log(`   as Ada  ${paint("cyan", running.signInAddress)}`);
		for (const program of running.programs) watch(program);
	}
	for (const signal of Object.keys(signals)) process.removeAllListeners(signal).on(signal, () => void exit(code));
}

// When one of the programs dies, so does the demo.
function watch(program: RunningProgram): void {
	void program.ended.then((ending) => {
		if (program.stopping) return;
		console.error(`\n${paint("red", `${program.name} ended with ${ending}.`)} Its last lines:\n${lastLines(program)}`);
		void exit(1);
	});
}

// npm passes a signal on to the shell in between, which dies of it and tells nobody.
function endWithParent(): void {
	const parent = process.ppid;
	setInterval(() => process.ppid !== parent && void exit(signals.SIGTERM), 250).unref();
}

function fail(error: unknown): void {
	if (exitCode === undefined) {
		const { message, cause } = error instanceof Error ? error : new Error(String(error));
		console.error(`\n${paint("red", "The demo could not run.")} ${message}${typeof cause === "string" ? `:\n${cause}` : ""}`);
	}
	void exit(1);
}

try {
	const options = readArguments(process.argv.slice(2), process.env);
	if (options.help) console.log(usage);
	else {
		for (const [signal, code] of Object.entries(signals)) process.on(signal, () => void exit(code));
		endWithParent();
		process.on("uncaughtException", fail);
		// A progress display that is cut off leaves the cursor hidden.
		process.on("exit", () => process.stdout.isTTY && process.stdout.write("\u001B[?25h"));
		// Whoever read the output has gone, as `head` does.
		process.stdout.on("error", () => void exit(1));
		await main(options).catch(fail);
	}
} catch (error) {
	if (!(error instanceof UsageError)) throw error;
	console.error(`${error.message}\n\n${usage}`);
	process.exitCode = 2;
}

import { type Contract, defineContract } from "@widget-token/core";
import type { ListeningSandbox, Sandbox } from "@widget-token/sandbox";
import { type Command, InvalidArgumentError } from "commander";
import { CliError, type CommandContext, createCommand, formatColumns, resolveContract, run } from "../command.ts";
import { knownContracts } from "../contract-argument.ts";
import { findKeyProblem } from "../key-generation.ts";
import { chooseEnvFile, type ProjectEnv, readProjectEnv } from "../project-env.ts";
import { listPageLines, type PageForm, writePageLines } from "../sandbox-page.ts";
import { formatJson, printable } from "../terminal.ts";

interface Options {
	readonly port: number;
	readonly contract?: readonly string[];
	readonly trustedHost?: readonly string[];
	readonly signTrialsWithProjectKeys?: boolean;
}

export function createSandboxCommand(): Command {
	return createCommand({
		name: "sandbox",
		description:
			"Plays the vendors on 127.0.0.1: their embed scripts, their verification, and a page that shows what each vendor sees and why a visitor is anonymous. Keys and settings are those of the project's env files, so that it verifies what your app signs; what is missing is made up. It prints the line that makes the page in this folder load its script. Its own trial pages sign with throw-away keys. Ctrl-C stops it.",
		examples: [
			["widget-token sandbox", "all widgets, on port 4600"],
			["widget-token sandbox hilal --port 0", "one of them, on any free port"],
			["widget-token sandbox --contract ./my-widget.json", "a contract of your own"],
		],
	})
		.argument("[widgets...]", "ids of widgets (default: all)")
		.option("--contract <file>", "a contract of your own as a JSON file; several times for several", collect)
		.option("--port <number>", "where to listen; 0 takes any free port", readPort, 4600)
		.option("--trusted-host <name>", "a host name next to localhost whose pages may call it; several times for several", collect)
		.option(
			"--sign-trials-with-project-keys",
			"let the trial pages sign with the project's own keys, which may be real; any program on this machine can fetch a trial token",
		)
		.action(
			run<Options>(async (context) => {
				const contracts = await resolveContracts(context);
				const env = readProjectEnv(context.cwd, context.env);
				const unusable = await findUnusableKeys(contracts, env, context);
				// The completion loads this file for its options alone.
				const { createSandbox } = await import("@widget-token/sandbox");
				const sandbox = createSandbox({
					contracts,
					env: { ...env.values, ...unusable },
					signTrialsWithProjectKeys: context.options.signTrialsWithProjectKeys === true,
					...(context.options.trustedHost === undefined ? {} : { trustedHosts: context.options.trustedHost }),
				});
				const listening = await listen(sandbox, context.options.port);
				// A program that reads the address may stop the sandbox at once.
				const stopped = untilStopped();
				announce(contracts, sandbox, listening, { ...env, values: { ...env.values, ...unusable } }, context);
				await stopped;
				await listening.close();
				return undefined;
			}),
		);
}

async function resolveContracts({ args, options, cwd }: CommandContext<Options>): Promise<readonly Contract[]> {
	const named = args.flat().filter((name) => name !== undefined);
	const files = options.contract ?? [];
	if (named.length === 0 && files.length === 0) return knownContracts();
	const resolved = await Promise.all([
		...named.map((name) => resolveContract([name], {}, cwd)),
		...files.map((contract) => resolveContract([], { contract }, cwd)),
	]);
	return resolved.map(({ contract }) => defineContract(contract));
}

/** Warns of each key that the app cannot sign with either, such as a placeholder; the sandbox makes up another. */
async function findUnusableKeys(
	contracts: readonly Contract[],
	env: ProjectEnv,
	{ protect, warn }: CommandContext<Options>,
): Promise<Readonly<Record<string, undefined>>> {
	const unusable: Record<string, undefined> = {};
	for (const contract of contracts) {
		const { env: variable } = contract.key;
		const secret = env.values[variable];
		if (secret === undefined || secret === "") continue;
		protect(secret);
		const problem = await findKeyProblem(contract, secret, env.values);
		if (problem === undefined) continue;
		warn(`${variable} cannot be used (${problem.title.toLowerCase()}): widget-token secret ${contract.id} puts a key there.`);
		// An app with one of the two widgets can sign with a shared key.
		if (problem.code !== "secret_shared") unusable[variable] = undefined;
	}
	return unusable;
}

async function listen(sandbox: Sandbox, port: number): Promise<ListeningSandbox> {
	try {
		return await sandbox.listen({ port });
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
		throw new CliError("port_taken", `Port ${port} is taken`, {
			remedy: "Stop what listens there, or pass another --port; 0 takes any free one.",
			cause,
		});
	}
}

function announce(
	contracts: readonly Contract[],
	sandbox: Sandbox,
	{ url, port }: ListeningSandbox,
	env: ProjectEnv,
	{ cwd, json, paint, print }: CommandContext,
): void {
	const { form, lines: page } = listPageLines(cwd, contracts, sandbox.pageAddresses, url);
	const widgets = contracts.map(({ id, name, key, settings = {} }) => {
		const isOwn = Boolean(env.values[key.env]);
		const file = env.fileOf(key.env);
		const keyFrom = isOwn ? (file === undefined ? key.env : `${key.env} in ${file}`) : null;
		// Without these names the app and the sandbox would not mean the same tenant; they are not secret.
		const missing = Object.values(settings).filter((rule) => isOwn && !env.values[rule.env]?.trim() && rule.default === undefined);
		const missingSettings = Object.fromEntries(missing.map((rule) => [rule.env, sandbox.env[rule.env] ?? ""]));
		return { id, name, keyFrom, missingSettings, page: page.filter(({ widget }) => widget === id).map(({ widget: _, ...line }) => line) };
	});
	if (json) return print(formatJson({ url, port, widgets }));
	const lines = widgets.flatMap(({ missingSettings }) =>
		Object.entries(missingSettings).map(([name, value]) => `  ${name}=${printable(value)}`),
	);
	const read = page.filter(({ variable }) => variable !== null);
	const wanted = read.filter(({ isSet }) => !isSet);
	const others = writePageLines(
		page.filter(({ variable }) => variable === null),
		form,
	);
	print(
		[
			`${paint.good("✓")} The sandbox listens on ${paint.accent(url)}`,
			"",
			formatColumns([
				[paint.dim("WIDGET"), paint.dim("KEY")],
				...widgets.map(({ id, keyFrom }) => [paint.bold(id), keyFrom ?? paint.dim("made up for this run; the page shows it")]),
			]),
			...(lines.length === 0 ? [] : ["", "The app needs these settings too, to agree with the sandbox:", ...lines]),
			...(wanted.length === 0
				? []
				: [
						"",
						`Your page loads its script from here with ${wanted.length === 1 ? "this line" : "these lines"} in ${chooseEnvFile(cwd)}:`,
						...wanted.map(({ variable, url: address }) => `  ${variable}=${address}`),
					]),
			...(read.length > wanted.length
				? ["", `Your page loads from here already: ${read.flatMap(({ isSet, variable }) => (isSet ? [variable] : [])).join(", ")}.`]
				: []),
			...(others.length === 0 ? [] : ["", describeOthers(form, read.length > 0), formatColumns(others, { width: 1000 })]),
			"",
			`Open ${paint.accent(url)} to see what each vendor sees. Ctrl-C stops it.`,
		].join("\n"),
	);
}

function describeOthers(form: PageForm, isRest: boolean): string {
	const place = { react: "in <Widget>", module: "in the options of mountWidget", html: "in the page, in place of the vendor's script" }[
		form
	];
	return `${isRest ? "Any other widget loads" : "Your page loads a widget"} from here with this line ${place}:`;
}

function untilStopped(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
	});
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
	return [...previous, value];
}

function readPort(text: string): number {
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("It takes a number from 0 to 65535.");
	return port;
}

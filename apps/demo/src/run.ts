import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { type RunningApp, startSandbox } from "./apps.ts";
import { build } from "./build.ts";
import { type Cell, failRow, fillRow, type Vendors } from "./cells.ts";
import { notStarted } from "./failures.ts";
import type { ProcessGroups } from "./process-groups.ts";
import type { Provider, RunningBackend, RunningProvider } from "./providers/provider.ts";
import { failColumn, type RefusalCell, refuseAll } from "./refusals.ts";
import type { Results } from "./report.ts";
import { createCustomer } from "./vendor-accounts.ts";
import { createVendorCheck } from "./vendor-check.ts";

/** How far a provider has come. */
export interface Progress {
	readonly provider: Provider;
	backend?: RunningBackend;
	running?: RunningProvider;
	/** What is being done, or was done last. */
	step?: string;
	cells?: readonly Cell[];
	refusals?: readonly RefusalCell[];
	/** What has kept it from going on. */
	error?: unknown;
}

/** What stands beside the providers. */
export interface Stage {
	readonly groups: ProcessGroups;
	/** The stand-in for the vendors, once it runs; a run that ends with the tables has none. */
	sandbox?: RunningApp;
	readonly withSandbox: boolean;
}

/** The whole demo up to its tables, with a progress display. `progress` and `stage` are filled as it goes, for the hub page and to be cleaned up. */
export async function run(progress: readonly Progress[], stage: Stage): Promise<Results> {
	const { groups } = stage;
	const { accounts, env } = createCustomer();
	const vendors: Vendors = { accounts, ...createVendorCheck(accounts) };

	/** One subtask for each provider; a provider that fails is left out of what follows, and the others go on. */
	function forEachProvider(title: (progress: Progress) => string, step: (progress: Progress) => Promise<string>): ListrTask[] {
		return progress.map((entry) => ({
			title: title(entry),
			skip: () => entry.error !== undefined && `${entry.provider.name}: left out`,
			exitOnError: false,
			task: async (_context, task) => {
				entry.step = task.title;
				try {
					task.title = entry.step = await step(entry);
				} catch (error) {
					entry.error = error;
					throw error instanceof Error ? new Error(error.message.split("\n")[0]) : error;
				}
			},
		}));
	}

	const startBackends = forEachProvider(
		({ provider }) => `${provider.name}: starting ${provider.backend}`,
		async (entry) => {
			entry.backend = await entry.provider.startBackend();
			return `${entry.provider.name}: ${entry.provider.backend}`;
		},
	);
	const startApps = forEachProvider(
		({ provider }) => `${provider.name}: starting ${provider.app}`,
		async (entry) => {
			if (entry.backend === undefined) throw new Error("not running");
			entry.running = await entry.backend.startApp(groups, {
				...env,
				...(stage.sandbox && { SANDBOX_URL: stage.sandbox.address }),
			});
			return `${entry.provider.name}: ${entry.provider.app} at ${entry.running.address}`;
		},
	);
	const fetchTokens = forEachProvider(
		({ provider }) => `${provider.name}: signing in`,
		async (entry) => {
			const { provider, running } = entry;
			if (running === undefined) throw new Error("not running");
			const signIn = await running.signIn();
			const row = await fillRow(provider, running, signIn, vendors);
			entry.cells = row;
			return `${provider.name}: ${signIn.user.name} signed in, ${row.filter(({ findings }) => findings.length === 0).length} tokens accepted`;
		},
	);
	const provoke = forEachProvider(
		({ provider }) => `${provider.name}: provoking refusals`,
		async (entry) => {
			const { provider, running } = entry;
			if (running === undefined) throw new Error("not running");
			const column = await refuseAll(provider, running);
			entry.refusals = column;
			const right = column.filter(({ notApplicable, findings }) => notApplicable === null && findings.length === 0).length;
			return `${provider.name}: ${right} answers are right`;
		},
	);

	const options = { concurrent: true, exitOnError: false } as const;
	const tasks = new Listr(
		[
			{
				title: "Packages, apps and local auth backends",
				task: (_context, parent) =>
					parent.newListr(
						[
							{
								title: "Building what is not in turbo's cache",
								task: async (_inner, task) => {
									task.title = await build(groups, (text) => {
										task.output = text;
									});
								},
							},
							...startBackends,
						],
						{ concurrent: true, exitOnError: true },
					),
			},
			{
				title: "The sandbox, which plays the vendors",
				enabled: () => stage.withSandbox,
				task: async (_context, task) => {
					stage.sandbox = await startSandbox(groups, env);
					task.title = `The sandbox, which plays the vendors, at ${stage.sandbox.address}`;
				},
			},
			{ title: "The four apps", task: (_context, parent) => parent.newListr(startApps, options) },
			{ title: "Sign-ins and tokens", task: (_context, parent) => parent.newListr(fetchTokens, options) },
			{ title: "Refusals", task: (_context, parent) => parent.newListr(provoke, options) },
		],
		{
			registerSignalListeners: false,
			fallbackRenderer: "simple",
			rendererOptions: { timer: PRESET_TIMER, collapseErrors: true },
			fallbackRendererOptions: { timer: PRESET_TIMER },
		},
	);
	await tasks.run();

	for (const entry of progress) {
		const { provider, error } = entry;
		entry.cells ??= failRow(provider, notStarted(provider, error), vendors);
		entry.refusals ??= failColumn(provider, notStarted(provider, error));
	}
	return { cells: progress.flatMap(({ cells = [] }) => cells), refusals: progress.flatMap(({ refusals = [] }) => refusals) };
}

import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
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
	/** What has kept it from going on. */
	error?: unknown;
}

/** The whole demo up to its tables, with a progress display. `progress` is filled as it goes, so that it can be cleaned up. */
export async function run(progress: readonly Progress[], groups: ProcessGroups): Promise<Results> {
	const { accounts, env } = createCustomer();
	const vendors: Vendors = { accounts, ...createVendorCheck(accounts) };
	const cells: Cell[] = [];
	const refusals: RefusalCell[] = [];

	/** One subtask for each provider; a provider that fails is left out of what follows, and the others go on. */
	function forEachProvider(title: (progress: Progress) => string, step: (progress: Progress) => Promise<string>): ListrTask[] {
		return progress.map((entry) => ({
			title: title(entry),
			skip: () => entry.error !== undefined && `${entry.provider.name}: left out`,
			exitOnError: false,
			task: async (_context, task) => {
				try {
					task.title = await step(entry);
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
			entry.running = await entry.backend.startApp(groups, env);
			return `${entry.provider.name}: ${entry.provider.app} at ${entry.running.address}`;
		},
	);
	const fetchTokens = forEachProvider(
		({ provider }) => `${provider.name}: signing in`,
		async ({ provider, running }) => {
			if (running === undefined) throw new Error("not running");
			const signIn = await running.signIn();
			const row = await fillRow(provider, running, signIn, vendors);
			cells.push(...row);
			return `${provider.name}: ${signIn.user.name} signed in, ${row.filter(({ findings }) => findings.length === 0).length} tokens accepted`;
		},
	);
	const provoke = forEachProvider(
		({ provider }) => `${provider.name}: provoking refusals`,
		async ({ provider, running }) => {
			if (running === undefined) throw new Error("not running");
			const column = await refuseAll(provider, running);
			refusals.push(...column);
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

	const ofEach = <T extends { readonly provider: string }>(found: readonly T[], missing: (entry: Progress) => readonly T[]): T[] =>
		progress.flatMap((entry) => {
			const own = found.filter(({ provider }) => provider === entry.provider.id);
			return own.length > 0 ? own : missing(entry);
		});
	return {
		cells: ofEach(cells, ({ provider, error }) => failRow(provider, notStarted(provider, error), vendors)),
		refusals: ofEach(refusals, ({ provider, error }) => failColumn(provider, notStarted(provider, error))),
	};
}

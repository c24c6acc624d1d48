import { launchChromium } from "@widget-token/test-kit/chromium";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type RunningApp, startSandbox } from "../../src/apps.ts";
import { createProcessGroups, type ProcessGroups } from "../../src/process-groups.ts";
import { auth0 } from "../../src/providers/auth0.ts";
import { clerk } from "../../src/providers/clerk.ts";
import { firebase } from "../../src/providers/firebase.ts";
import type { Provider, RunningProvider } from "../../src/providers/provider.ts";
import { supabase } from "../../src/providers/supabase.ts";
import { createCustomer } from "../../src/vendor-accounts.ts";

/** The seeded users that can be signed in by hand. */
export type UserName = "Ada" | "Joan";

/** One of the four apps, and how a person becomes somebody in it. */
export interface StagedApp extends RunningProvider {
	readonly id: Provider["id"];
	signInAs(page: Page, user: UserName): Promise<void>;
	/** Ends what stands behind the provider, until the returned function is called. */
	breakBackend(): Promise<() => Promise<void>>;
}

/** Backends, apps, sandbox and browser, started once for all tests. */
export interface Stage {
	readonly apps: Readonly<Record<Provider["id"], StagedApp>>;
	readonly sandbox: RunningApp;
	readonly groups: ProcessGroups;
	/** A visit by a browser of its own; a breach of a policy or an error on any of its pages fails it. */
	visit(run: (page: Page, context: BrowserContext) => Promise<void>, options?: VisitOptions): Promise<void>;
	close(): Promise<void>;
}

/** How a visitor's browser is set up. */
export type VisitOptions = Parameters<Browser["newContext"]>[0] & {
	/** Messages of the console that the visit brings about. */
	readonly expected?: RegExp;
};

/** How long a BestChatBot token lives in the tests; the page replaces it after four fifths. */
export const lifetimeSeconds = 20;

/** Starts everything. The packages and apps have to be built. */
export async function startStage(): Promise<Stage> {
	const groups = createProcessGroups();
	const { env } = createCustomer();
	const closers: (() => Promise<unknown>)[] = [() => groups.stopAll()];
	const close = async (): Promise<void> => void (await Promise.allSettled(closers.map((end) => end())));
	try {
		const [sandbox, browser] = await Promise.all([startSandbox(groups, env), launchChromium()]);
		closers.push(() => browser.close());
		const appEnv = { ...env, SANDBOX_URL: sandbox.address, BESTCHATBOT_LIFETIME_SECONDS: String(lifetimeSeconds) };
		const apps = await Promise.all(
			[clerk, firebase, supabase, auth0].map(async (provider) => {
				const backend = await provider.startBackend();
				closers.push(backend.close);
				return stageApp(provider, await backend.startApp(groups, appEnv));
			}),
		);
		return {
			apps: Object.fromEntries(apps.map((app) => [app.id, app])) as unknown as Stage["apps"],
			sandbox,
			groups,
			close,
			visit: async (run, { expected, ...options } = {}) => {
				const context = await browser.newContext(options);
				const problems: string[] = [];
				context.setDefaultTimeout(15_000);
				context.on("weberror", (error) => problems.push(error.error().message));
				context.on("console", (message) => {
					const text = message.text();
					// A browser writes so of every answer that is an error, such as those that a test brings about.
					const isKnown = text.startsWith("Failed to load resource: ") || expected?.test(text) === true;
					if (message.type() === "error" && !isKnown) problems.push(`${message.page()?.url()}: ${text}`);
				});
				try {
					await run(await context.newPage(), context);
				} finally {
					await context.close();
				}
				if (problems.length > 0) throw new Error(`On the visitor's pages:\n${problems.join("\n")}`);
			},
		};
	} catch (error) {
		await close();
		throw error;
	}
}

function stageApp({ id }: Provider, running: RunningProvider): StagedApp {
	const isOnPage = id === "firebase" || id === "supabase";
	return {
		...running,
		id,
		signInAs: async (page, user) => {
			if (isOnPage) return page.getByRole("button", { name: new RegExp(`^(Sign in as|Switch to) ${user}$`) }).click();
			await page.getByRole("link", { name: /^(Sign in|Switch user)$/ }).click();
			await page.getByRole("button", { name: user, exact: true }).click();
		},
		breakBackend: async () => {
			const outage = running.refusals["backend down"];
			if (typeof outage === "string" || outage.breakBackend === undefined) throw new Error(`${id} has no backend to end`);
			return outage.breakBackend();
		},
	};
}

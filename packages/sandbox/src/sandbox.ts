import { type Contract, defineContract, type Environment, WidgetTokenError } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { createApp } from "./app.tsx";
import { createAssets } from "./assets.ts";
import { listPageAddresses, type PageAddress } from "./delivery.ts";
import { createKeyStore, environmentLine, type WidgetKey } from "./keys.ts";
import { type ListeningSandbox, type ListenOptions, listen } from "./listen.ts";
import { readSandboxSettings } from "./settings.ts";
import { createVerificationLog } from "./verification-log.ts";
import { createSandboxWidget, type SandboxWidget } from "./widget.ts";

/** The vendors that are played when none is named. */
export const documentedWidgets: readonly Contract[] = [onPilot, bestChatBot, hilal, jupid, customGpt];

/** Options of {@link createSandbox}. */
export interface SandboxOptions {
	/** The vendors that are played. Default: the five of `@widget-token/widgets`. A contract of your own, also as parsed JSON, gets its embed script from its `delivery`. */
	readonly contracts?: readonly Contract[] | undefined;
	/** Where keys and settings are taken from, by the variables that the contracts name; what is not there is made up. Default: `process.env`. */
	readonly env?: Environment | undefined;
	/** The roles that exist at a vendor, by the contract's id, such as CustomGPT.ai's team roles. Default: any that the contract takes. */
	readonly knownRoles?: Readonly<Record<string, readonly string[]>> | undefined;
	/**
	 * Whether the trial pages sign with a key of `env`, which may be a real one. Any program on this machine can fetch a trial token.
	 * Default: false; they sign with a throw-away key, which the sandbox accepts on its own pages only.
	 */
	readonly signTrialsWithProjectKeys?: boolean | undefined;
	/** Host names next to the loopback ones that the sandbox answers to and whose pages may call it, such as `app.test`. Default: none. */
	readonly trustedHosts?: readonly string[] | undefined;
	/** How many verifications are kept, in memory. Default: 50. */
	readonly keptVerifications?: number | undefined;
	/** Milliseconds since the epoch. Default: `Date.now`. */
	readonly now?: (() => number) | undefined;
}

/** A local stand-in for the vendors. */
export interface Sandbox {
	/** Answers a request; for a server of your own. */
	fetch(request: Request): Promise<Response>;
	/** Listens on 127.0.0.1, and on no other address. */
	listen(options?: ListenOptions): Promise<ListeningSandbox>;
	/** The keys and settings as the environment variables that the contracts name: what your app needs to sign for this sandbox. */
	readonly env: Readonly<Record<string, string>>;
	/** The same as lines of an `.env` file; a key that was taken from the environment is named, not shown. */
	readonly environmentLines: readonly string[];
	/** The addresses that a page loads the widgets from: the vendors' scripts, and the apps that they show in a frame. */
	readonly pageAddresses: readonly PageAddress[];
	/** Replaces a widget's key, as the vendor's “Regenerate” does: tokens of the old one fail at once. @throws RangeError for an unknown id. */
	regenerate(widget: string): void;
	/** Leaves a widget without a key, as at a vendor where none is set up: its tokens are `not_configured` until `regenerate`. @throws RangeError for an unknown id. */
	removeKey(widget: string): void;
}

/**
 * Makes a local stand-in for the widget vendors: their embed scripts, their verification endpoint, and a page that tells why a
 * visitor is anonymous.
 *
 * It keeps no token, and the claims of the last verifications in memory only. Import from `@widget-token/sandbox`.
 *
 * @throws WidgetTokenError `contract_invalid`, `options_invalid`.
 * @example
 * ```ts
 * import { createSandbox } from "@widget-token/sandbox";
 *
 * const sandbox = createSandbox();
 * const { url } = await sandbox.listen({ port: 4600 });
 * console.log(`${url}\n${sandbox.environmentLines.join("\n")}`);
 * ```
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
	const { env = process.env, knownRoles = {}, trustedHosts = [], keptVerifications = 50, now = Date.now } = options;
	const { signTrialsWithProjectKeys = false } = options;
	const contracts = (options.contracts ?? documentedWidgets).map((contract) => defineContract(contract));
	checkIds(contracts, knownRoles);
	const keys = createKeyStore(contracts, { env, signTrialsWithProjectKeys, now });
	const widgets = new Map<string, SandboxWidget>();
	for (const contract of contracts) {
		const settings = readSandboxSettings(contract, env);
		widgets.set(contract.id, createSandboxWidget(contract, { keys, settings, knownRoles: knownRoles[contract.id], contracts, now }));
	}
	const environmentLines = (): string[] =>
		[...widgets.values()].flatMap((widget) => describeEnvironment(widget, keys.current(widget.contract.id)));
	const log = createVerificationLog(keptVerifications);
	const app = createApp({ widgets, keys, log, trustedHosts, readAsset: createAssets(), environmentLines, now });
	const fetch = async (request: Request): Promise<Response> => app.fetch(request);
	return Object.freeze({
		fetch,
		listen: (listenOptions?: ListenOptions) => listen(fetch, listenOptions),
		get env() {
			return Object.fromEntries(
				[...widgets.values()].flatMap((widget) => Object.entries(environmentOf(widget, keys.current(widget.contract.id)?.value))),
			);
		},
		get environmentLines() {
			return environmentLines();
		},
		pageAddresses: contracts.flatMap(listPageAddresses),
		regenerate: (widget: string) => void keys.regenerate(widget),
		removeKey: (widget: string) => keys.remove(widget),
	});
}

// The first parts of the sandbox's own addresses.
const reservedIds: ReadonlySet<string> = new Set(["api", "assets", "events", "widgets"]);

function checkIds(contracts: readonly Contract[], knownRoles: Readonly<Record<string, unknown>>): void {
	const ids = contracts.map(({ id }) => id);
	const refuse = (detail: string): never => {
		throw new WidgetTokenError("options_invalid", { detail });
	};
	if (ids.length === 0) refuse("`contracts` is empty");
	for (const [index, id] of ids.entries()) {
		if (reservedIds.has(id)) refuse(`the sandbox needs the id ${id} for itself`);
		if (ids.indexOf(id) !== index) refuse(`\`contracts\` names ${id} twice`);
	}
	for (const id of Object.keys(knownRoles)) if (!ids.includes(id)) refuse(`\`knownRoles\` names ${id}, which is not one of the widgets`);
}

function environmentOf({ contract, settings }: SandboxWidget, key: string | undefined): Record<string, string> {
	const values = Object.entries(contract.settings ?? {}).map(([name, { env }]) => [env, settings[name] ?? ""]);
	return { ...(key === undefined ? {} : { [contract.key.env]: key }), ...Object.fromEntries(values) };
}

function describeEnvironment(widget: SandboxWidget, key: WidgetKey | undefined): string[] {
	const { name, key: rule } = widget.contract;
	const settings = Object.entries(environmentOf(widget, undefined));
	return [`# ${name}`, describeKey(rule.env, key), ...settings.map(([variable, value]) => environmentLine(variable, value))];
}

function describeKey(variable: string, key: WidgetKey | undefined): string {
	if (key === undefined) return `# ${variable} has been removed: its widget has no key`;
	return key.source === "environment" ? `# ${variable} is set already, and the sandbox uses it` : environmentLine(variable, key.value);
}

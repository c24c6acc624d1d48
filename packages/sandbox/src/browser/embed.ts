import type { EmbedConfig } from "../embed-config.ts";
import { createFrameVerifier } from "./frame-verifier.ts";
import { mountHost } from "./mount-host.tsx";
import { watchTokenRequests } from "./page-requests.ts";
import { describeWays, readScriptTag } from "./script-tag.ts";
import { createStore } from "./store.ts";
import type { SurfaceKind, SurfaceState } from "./surface.ts";
import { createOwnerCheck, defineVendorApi, type VendorCall } from "./vendor-api.ts";
import { createVerifier, type VerifyToken } from "./verifier.ts";
import { createVisitor, type Visitor } from "./visitor.ts";

type Settings = Readonly<Record<string, unknown>>;

/** Plays the vendor's script in the page. */
export function startEmbed(config: EmbedConfig): void {
	const script = document.currentScript;
	const tag = readScriptTag(script, config.embeds);
	// A page that loads the script again, as some do for a new token, has one widget all the same.
	const widgets = loadedWidgets();
	const key = [config.widget.id, ...Object.keys(config.embeds)].join(" ");
	const widget = widgets.get(key) ?? createEmbeddedWidget(config);
	widgets.set(key, widget);
	widget.loadedByTag(tag);
}

interface EmbeddedWidget {
	loadedByTag(tag: ReturnType<typeof readScriptTag>): void;
}

const registry = Symbol.for("widget-token-sandbox");

function loadedWidgets(): Map<string, EmbeddedWidget> {
	const page = globalThis as unknown as Record<symbol, Map<string, EmbeddedWidget> | undefined>;
	page[registry] ??= new Map();
	return page[registry];
}

function createEmbeddedWidget(config: EmbedConfig): EmbeddedWidget {
	const { origin, widget, embeds } = config;
	const direct = createVerifier(origin, widget.id);
	let verify: VerifyToken = direct;
	const visitor = createVisitor({
		verify: () => verify,
		ways: describeWays(embeds),
		canRefresh: Object.values(embeds).some(({ refresh }) => refresh),
	});
	const view = createStore<SurfaceState>({ isChatOpen: false, isPanelOpen: false, messages: [], notices: [] });
	let mounted: { readonly container: Element | undefined; unmount(): void } | undefined;

	const mount = (settings: Settings): void => {
		const container = findContainer(settings, config);
		if (mounted !== undefined && mounted.container === container && settings.appUrl === undefined) return;
		mounted?.unmount();
		const kind: SurfaceKind = settings.appUrl === undefined ? (container === undefined ? "bubble" : "inline") : "frame";
		if (kind === "frame" && container === undefined) throw new TypeError(`${widget.name} needs the element that it is put into`);
		const frame = kind === "frame" ? createFrame(settings, config) : undefined;
		const framed = frame === undefined ? undefined : createFrameVerifier(frame, origin);
		verify = framed?.verify ?? direct;
		const unsubscribe = visitor.state.subscribe(() => {
			if (visitor.state.get().status === "anonymous") framed?.clear();
		});
		const unmountHost = mountHost(
			{ kind, widget, origin, visitor, view, ...(frame === undefined ? {} : { frame }) },
			config.styles,
			container,
			() => {
				// A vendor without a way to sign out is signed out by taking its element's content away.
				visitor.clear("its element was emptied");
				mounted?.unmount();
				mounted = undefined;
			},
		);
		mounted = {
			container,
			unmount: () => {
				unsubscribe();
				framed?.close();
				unmountHost();
			},
		};
		if (kind === "inline") visitor.chatOpened();
	};

	const requestsSeen = watchTokenRequests(`${origin}/api/`, (request) => visitor.tokenRequested(request));
	const take = (call: VendorCall): void => {
		requestsSeen();
		const { path, settings, token, resolver } = call;
		const via = `${path}()`;
		const identifier = readIdentifier(settings, config);
		const isNeeded = Object.keys(settings).length > 0 || mounted === undefined;
		if (isNeeded && document.body !== null) mount(settings);
		else if (isNeeded) whenParsed(() => mount(settings));
		if (resolver !== undefined) visitor.resolveWith(resolver, via, identifier);
		else if (token !== undefined) visitor.deliver(token, via, identifier);
		else visitor.clear(via);
	};
	defineVendorApi(embeds, createOwnerCheck(embeds), take);
	recheckOnReturn(visitor);

	return {
		loadedByTag: ({ settings, token, tokenAttribute, missing, isComplete }) => {
			if (!isComplete) return;
			view.set({ notices: missing.map((name) => `The script tag lacks ${name}. The vendor’s own script would not load.`) });
			requestsSeen();
			if (token) visitor.deliver(token, tokenAttribute ?? "", readIdentifier(settings, config));
			whenParsed(() => mount(settings));
		},
	};
}

function createFrame({ appUrl, initialPath = "/" }: Settings, { origin, widget }: EmbedConfig): HTMLIFrameElement {
	const address = URL.canParse(String(appUrl)) ? new URL(String(appUrl).replace(/\/$/, "") + String(initialPath)) : undefined;
	if (address?.origin !== origin) throw new TypeError(`In the sandbox, the address of ${widget.name} is ${origin}/${widget.id}`);
	const frame = document.createElement("iframe");
	frame.title = widget.name;
	frame.src = address.href;
	return frame;
}

function findContainer(settings: Settings, { elementSettings }: EmbedConfig): Element | undefined {
	const value = Object.entries(settings).find(([name]) => Object.hasOwn(elementSettings, name))?.[1];
	if (value instanceof Element) return value;
	return typeof value === "string" ? (document.getElementById(value) ?? undefined) : undefined;
}

function readIdentifier(settings: Settings, { identifierField }: EmbedConfig): string | undefined {
	if (identifierField === undefined) return undefined;
	const value = settings[identifierField] ?? settings[identifierField === "id" ? "userId" : "identifier"];
	return typeof value === "string" ? value : undefined;
}

function whenParsed(run: () => void): void {
	if (document.readyState === "loading") addEventListener("DOMContentLoaded", run, { once: true });
	else run();
}

const recheckPause = 2000;

function recheckOnReturn(visitor: Visitor): void {
	let last = Number.NEGATIVE_INFINITY;
	const recheck = (): void => {
		if (document.visibilityState !== "visible" || performance.now() - last < recheckPause) return;
		last = performance.now();
		visitor.recheck();
	};
	addEventListener("focus", recheck);
	document.addEventListener("visibilitychange", recheck);
}

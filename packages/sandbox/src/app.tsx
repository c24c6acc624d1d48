import { inspect } from "node:util";
import { Hono } from "hono";
import { cors } from "hono/cors";
import type { AssetName, ReadAsset } from "./assets.ts";
import { limitBodies } from "./body-limit.ts";
import { createChatRoute } from "./chat-route.ts";
import { createEmbedRoutes } from "./embed-routes.ts";
import { createFrameRoutes } from "./frame-routes.tsx";
import { sendPage } from "./html-response.ts";
import { escapeLines } from "./invisible.ts";
import { type PageVariables, pageHeaders } from "./page-headers.ts";
import { createPageRoutes, type PageRoutesOptions } from "./page-routes.tsx";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { problemResponse } from "./problem.ts";
import { createTrialRoutes } from "./trial-routes.tsx";
import { createTrustedHosts, hostOfOrigin, requireTrustedHost } from "./trusted-hosts.ts";
import { createVerifyRoute } from "./verify-route.ts";

/** What the app is made of. */
export interface AppOptions extends PageRoutesOptions {
	readonly trustedHosts: readonly string[];
	readonly readAsset: ReadAsset;
	readonly now: () => number;
}

const contentTypes: Readonly<Record<AssetName, string>> = {
	"embed.js": "text/javascript",
	"frame.js": "text/javascript",
	"dashboard.js": "text/javascript",
	"shared.css": "text/css",
	"embed.css": "text/css",
	"page.css": "text/css",
};

/** The whole of the sandbox as one Hono app. */
export function createApp(options: AppOptions): Hono<PageVariables> {
	const { widgets, keys, log, trustedHosts, readAsset, now } = options;
	const isTrusted = createTrustedHosts(trustedHosts);
	const allowOrigin = (origin: string): string | null => (isTrusted(hostOfOrigin(origin) ?? "") ? origin : null);
	const app = new Hono<PageVariables>();
	app.use(requireTrustedHost(isTrusted), limitBodies(allowOrigin));
	app.onError((error) => {
		console.error(escapeLines(`[widget-token sandbox] ${inspect(error)}`));
		return problemResponse({ status: 500, code: "internal_error", title: "The sandbox has failed", remedy: "See the sandbox's terminal." });
	});
	app.notFound((c) => {
		// Only pages have a nonce; no reader opens the address of a script or of the API.
		const nonce = c.var.secureHeadersNonce;
		return nonce !== undefined && c.req.header("accept")?.includes("text/html")
			? sendPage(c, <NotFoundPage nonce={nonce} path={c.req.path} />, 404)
			: c.text("There is no such page in the sandbox.\n", 404);
	});

	const only = widgets.size === 1 ? [...widgets.keys()][0] : undefined;
	const api = new Hono();
	const verifyRoutes = new Map([...widgets].map(([id, widget]) => [id, createVerifyRoute(widget, { log, isTrusted, now })]));
	// This endpoint answers for its own cross-origin rules.
	api.all("/widget/verify-jwt", async (c) => {
		const id = c.req.query("widget") ?? only ?? "";
		const route = verifyRoutes.get(id);
		if (route !== undefined) return route(c.req.raw);
		return problemResponse({
			status: 404,
			code: "widget_unknown",
			title: "The sandbox plays no widget of that id",
			remedy: "Name the widget in the address: ?widget=<id>.",
			widgets: [...widgets.keys()],
		});
	});
	api.use(
		cors({
			origin: allowOrigin,
			allowHeaders: ["content-type", ...[...widgets.keys()].map((id) => `x-${id}-identity-source`)],
		}),
	);
	api.get("/verifications/:id", (c) => {
		const report = log.get(c.req.param("id"));
		return report === undefined ? c.notFound() : c.json(report, 200, { "cache-control": "no-store" });
	});
	api.post("/chat", async (c) => {
		const widget = widgets.get(c.req.query("widget") ?? only ?? "");
		return widget === undefined ? c.notFound() : createChatRoute(widget, log, keys, now)(c);
	});
	app.route("/api", api);

	app.get("/assets/:name", async (c) => {
		const name = c.req.param("name") as AssetName;
		if (!Object.hasOwn(contentTypes, name)) return c.notFound();
		return c.body(await readAsset(name), 200, {
			"content-type": `${contentTypes[name]}; charset=utf-8`,
			"cache-control": "no-cache",
			"x-content-type-options": "nosniff",
		});
	});
	app.route("/", createEmbedRoutes(widgets.values(), readAsset));
	const pages = new Hono<PageVariables>();
	pages.use(pageHeaders());
	pages.route("/", createPageRoutes(options));
	pages.route("/widgets", createTrialRoutes(options));
	app.route("/", createFrameRoutes(widgets.values(), trustedHosts));
	app.route("/", pages);
	return app;
}

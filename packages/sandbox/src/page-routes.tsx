import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { renderToString } from "preact-render-to-string";
import { readEmbeds } from "./delivery.ts";
import { sendPage } from "./html-response.ts";
import type { KeyStore } from "./keys.ts";
import { writePageCode } from "./page-code.ts";
import type { PageVariables } from "./page-headers.ts";
import { Dashboard } from "./pages/dashboard.tsx";
import { VerificationItem } from "./pages/verification-item.tsx";
import { WidgetPage } from "./pages/widget-page.tsx";
import { requireOwnPage } from "./trusted-hosts.ts";
import type { VerificationLog } from "./verification-log.ts";
import type { VerificationReport } from "./verification-report.ts";
import type { SandboxWidget } from "./widget.ts";

/** What the dashboard needs of the sandbox. */
export interface PageRoutesOptions {
	readonly widgets: ReadonlyMap<string, SandboxWidget>;
	readonly keys: KeyStore;
	readonly log: VerificationLog;
	/** The lines of an `.env` file with the sandbox's keys and settings. */
	readonly environmentLines: () => readonly string[];
}

/** The dashboard, each widget's page, and the change of a key. */
export function createPageRoutes({ widgets, keys, log, environmentLines }: PageRoutesOptions): Hono<PageVariables> {
	const nameOf = (report: VerificationReport): string => widgets.get(report.widget)?.contract.name ?? report.widget;
	return new Hono<PageVariables>()
		.get("/", (c) =>
			sendPage(
				c,
				<Dashboard
					nonce={c.var.secureHeadersNonce ?? ""}
					origin={new URL(c.req.url).origin}
					widgets={[...widgets.values()]}
					keys={keys}
					reports={log.list()}
					environmentLines={environmentLines()}
					regenerated={widgets.get(c.req.query("regenerated") ?? "")?.contract}
					removed={widgets.get(c.req.query("removed") ?? "")?.contract}
				/>,
			),
		)
		.get("/events", (c) =>
			streamSSE(c, async (stream) => {
				const unsubscribe = log.subscribe((report) => {
					const item = <VerificationItem report={report} widgetName={nameOf(report)} />;
					void stream.writeSSE({ event: "verification", data: renderToString(item) });
				});
				const gone = new Promise<void>((resolve) => stream.onAbort(resolve));
				await stream.writeSSE({ event: "ready", data: "" });
				await gone;
				unsubscribe();
			}),
		)
		.get("/widgets/:id", (c) => {
			const widget = widgets.get(c.req.param("id"));
			if (widget === undefined) return c.notFound();
			const { origin } = new URL(c.req.url);
			const examples = Object.keys(readEmbeds(widget.contract)).map((name) => ({
				name,
				code: writePageCode({ widget, embed: name, origin, token: "<token>", endpoint: "/api/widget-token" }).shown,
			}));
			return sendPage(c, <WidgetPage nonce={c.var.secureHeadersNonce ?? ""} widget={widget} examples={examples} />);
		})
		.post("/widgets/:id/key", requireOwnPage(), (c) => {
			const id = c.req.param("id");
			if (!widgets.has(id)) return c.notFound();
			keys.regenerate(id);
			return c.redirect(`/?regenerated=${id}`, 303);
		})
		.post("/widgets/:id/key/removal", requireOwnPage(), (c) => {
			const id = c.req.param("id");
			if (!widgets.has(id)) return c.notFound();
			keys.remove(id);
			return c.redirect(`/?removed=${id}`, 303);
		});
}

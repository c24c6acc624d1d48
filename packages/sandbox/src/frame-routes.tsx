import { Hono } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { readEmbeds, refersTo } from "./delivery.ts";
import { sendPage } from "./html-response.ts";
import type { PageVariables } from "./page-headers.ts";
import { FramePage } from "./pages/frame-page.tsx";
import type { SandboxWidget } from "./widget.ts";

/** The app that a vendor shows in a frame of the page, for widgets that are told its address (`appUrl`). */
export function createFrameRoutes(widgets: Iterable<SandboxWidget>, trustedHosts: readonly string[]): Hono<PageVariables> {
	const routes = new Hono<PageVariables>();
	const hosts = ["localhost", "*.localhost", "127.0.0.1", ...trustedHosts];
	const headers = secureHeaders({
		contentSecurityPolicy: {
			defaultSrc: ["'none'"],
			scriptSrc: [NONCE],
			styleSrc: [NONCE],
			connectSrc: ["'self'"],
			imgSrc: ["data:"],
			baseUri: ["'none'"],
			formAction: ["'none'"],
			frameAncestors: ["'self'", ...hosts.flatMap((host) => [`http://${host}:*`, `https://${host}:*`])],
		},
		xFrameOptions: false,
		crossOriginResourcePolicy: "cross-origin",
		crossOriginOpenerPolicy: false,
		strictTransportSecurity: false,
	});
	for (const { contract } of widgets) {
		if (!refersTo(readEmbeds(contract), (name) => name === "appUrl")) continue;
		const { id, name } = contract;
		routes.get(`/${id}/*`, headers, (c) =>
			sendPage(c, <FramePage nonce={c.var.secureHeadersNonce ?? ""} widget={{ id, name }} path={c.req.path.slice(id.length + 1)} />),
		);
	}
	return routes;
}

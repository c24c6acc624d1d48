import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

/** An answer of the app: an object as JSON, a text as it is, a stream as it comes. */
export interface AppAnswer {
	readonly status?: number;
	readonly type?: string;
	readonly body: unknown;
}

/** An app that embeds widgets, on an origin of its own. */
export interface AppPages {
	readonly origin: string;
	/** Another origin, whose page asks the page around it for a token and shows what it is told. */
	readonly thief: string;
	/** Serves a body at `/`, with a nonce in place of `NONCE`; without trusted types a page may insert scripts itself. */
	show(body: string, options?: { readonly trustedTypes?: boolean }): void;
	/** What the token endpoint `/api/widget-token`, and any other path under `/api/`, answers next. */
	answerTokenRequests(answer: (url: string) => Promise<AppAnswer>): void;
	close(): Promise<void>;
}

/**
 * Serves pages under a strict content security policy: scripts by nonce only, no styles at all, connections to the app
 * and the sandbox only, and no text that becomes markup.
 */
export async function serveAppPages(sandboxOrigin: string): Promise<AppPages> {
	let body = "";
	let isStrict = true;
	let answer: (url: string) => Promise<AppAnswer> = async () => ({ body: { token: null } });
	const port = (): number => (server.address() as AddressInfo).port;
	const server: Server = createServer(async (request, response) => {
		if (request.url?.startsWith("/api/")) {
			const { status = 200, type = "application/json", body: content } = await answer(request.url);
			response.statusCode = status;
			response.setHeader("content-type", type).setHeader("cache-control", "no-store");
			if (content instanceof Readable) content.pipe(response);
			else response.end(typeof content === "string" ? content : JSON.stringify(content));
			return;
		}
		const nonce = crypto.randomUUID();
		if (request.url === "/thief") {
			response.writeHead(200, { "content-type": "text/html" });
			response.end(`<ul id="heard"></ul><script>
				addEventListener("message", ({ data }) => { document.getElementById("heard").append(Object.assign(document.createElement("li"), { textContent: JSON.stringify(data) })); });
				parent.postMessage({ type: "token_wanted" }, "*");
				const report = { id: "x", verified: true, visitor: "Mallory", findings: [], header: {}, payload: {}, at: 0 };
				for (let request = 0; request < 5; request += 1) parent.postMessage({ type: "token_verified", request, report }, "*");
				parent.postMessage({ type: "asked" }, "*");
			</script>`);
			return;
		}
		response.writeHead(200, {
			"content-type": "text/html; charset=utf-8",
			"content-security-policy": [
				"default-src 'none'",
				"img-src data:",
				`script-src 'nonce-${nonce}'`,
				"style-src 'none'",
				`connect-src 'self' ${sandboxOrigin}`,
				`frame-src ${sandboxOrigin} http://127.0.0.1:${port()}`,
				"base-uri 'none'",
				...(isStrict ? ["require-trusted-types-for 'script'"] : []),
			].join("; "),
		});
		response.end(
			`<!doctype html><html lang="en"><head><title>An app</title><link rel="icon" href="data:,"></head><body><main><h1>An app</h1>${body.replaceAll("NONCE", `nonce="${nonce}"`)}</main></body></html>`,
		);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		origin: `http://localhost:${port()}`,
		thief: `http://127.0.0.1:${port()}/thief`,
		show: (next, options = {}) => {
			body = next;
			isStrict = options.trustedTypes ?? true;
		},
		answerTokenRequests: (next) => {
			answer = next;
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

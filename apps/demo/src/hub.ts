import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { renderHub, renderState } from "./hub-page.ts";
import type { Progress, Stage } from "./run.ts";

/** The page that leads to all the others. */
export interface Hub {
	readonly address: string;
	close(): Promise<void>;
}

const styleSheet = fileURLToPath(import.meta.resolve("@widget-token-apps/page/page.css"));

/** Serves the hub page on loopback; it shows `progress` and `stage` as they are when it asks. */
export async function createHub(progress: readonly Progress[], stage: Stage): Promise<Hub> {
	const server = createServer(async (request, response) => {
		const send = (status: number, type: string, body: string, headers = {}): void => {
			response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store", ...headers }).end(body);
		};
		const { pathname } = new URL(request.url ?? "/", "http://localhost");
		if (pathname === "/page.css") return send(200, "text/css", await readFile(styleSheet, "utf8"));
		if (pathname === "/state") return send(200, "text/html", renderState(progress, stage));
		if (pathname !== "/") return send(404, "text/plain", "There is no such page.");
		const nonce = randomBytes(16).toString("base64");
		const policy = `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
		// Clerk's SDK asks Clerk about a visitor who comes from another site's page, and there is no such page of Clerk's here.
		const headers = { "content-security-policy": policy, "referrer-policy": "no-referrer" };
		return send(200, "text/html", renderHub(nonce, renderState(progress, stage)), headers);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

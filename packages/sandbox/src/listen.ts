import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";

/** Where to listen. */
export interface ListenOptions {
	/** Default: 4600; 0 takes any that is free. */
	readonly port?: number | undefined;
}

/** A sandbox that listens. */
export interface ListeningSandbox {
	/** Its address, such as `http://127.0.0.1:4600`. */
	readonly url: string;
	readonly port: number;
	/** Stops listening and ends open connections. */
	close(): Promise<void>;
}

/** Serves on the loopback address only: anyone who reaches the sandbox can replace its keys. Rejects when the port is taken. */
export function listen(fetch: (request: Request) => Promise<Response>, { port = 4600 }: ListenOptions = {}): Promise<ListeningSandbox> {
	return new Promise((resolve, reject) => {
		const serveRequest = (request: Request): Promise<Response> => fetch(toStandardRequest(request));
		const server = serve({ fetch: serveRequest, port, hostname: "127.0.0.1", overrideGlobalObjects: false }, (address: AddressInfo) => {
			resolve({ url: `http://127.0.0.1:${address.port}`, port: address.port, close });
		});
		server.once("error", reject);
		const close = (): Promise<void> =>
			new Promise((done) => {
				server.close(() => done());
				if ("closeAllConnections" in server) server.closeAllConnections();
			});
	});
}

// The server's own lightweight request cannot be copied, which hono does to limit a body of unknown length.
function toStandardRequest(request: Request): Request {
	const { url, method, headers, body, signal } = request;
	const init: RequestInit & { readonly duplex: "half" } = { method, headers, body, signal, duplex: "half" };
	return body === null ? request : new Request(url, init);
}

import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createMint, createTokenHandler, type Mint } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { createVerify, type Verify } from "@widget-token/core/verify";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { type BuildOptions, build } from "esbuild";
import { standIns } from "./vendor-stand-ins.ts";

const { privateKey } = generateKeyPairSync("rsa", {
	modulusLength: 2048,
	privateKeyEncoding: { type: "pkcs8", format: "pem" },
	publicKeyEncoding: { type: "spki", format: "pem" },
});
const env: Record<string, string> = {
	ONPILOT_EMBED_SECRET: "onpilot-1c7f0d94e2b8a653-throw-away",
	ONPILOT_TENANT_ID: "tenant_1",
	ONPILOT_COPILOT_ID: "copilot_1",
	BESTCHATBOT_SIGNING_KEY: "bestchatbot-83ba1f60d52c97e4-throw-away",
	HILAL_WIDGET_HMAC_SECRET: "2b5e8f1a4c7d0e3f6a9b2c5d8e1f4a7b0c3d6e9f2a5b8c1d4e7f0a3b6c9d2e5f",
	JUPID_EMBED_SECRET: "jupid-5d0c82e7f41b9a36-throw-away",
	JUPID_EMBED_PARTNER_ID: "partner_1",
	CUSTOMGPT_PRIVATE_KEY: privateKey,
};
const contracts = [onPilot, bestChatBot, hilal, jupid, customGpt];
const verifies = new Map<string, Verify>(contracts.map((contract) => [contract.id, createVerify(contract, { env })]));

/** What is wrong with the endpoint. */
export type Fault = "down" | "html" | "redirect" | "hang" | "refused";

/** A website with a sign-in, the token endpoint, and the vendors' scripts. */
export class VendorSite {
	readonly server: Server;
	readonly #pages = new Map<string, { readonly html: string; readonly headers: Readonly<Record<string, string>> }>();
	readonly #bundles = new Map<string, string>();
	fault: Fault | undefined;
	lifetimeSeconds: number = 300;
	/** What an endpoint of the app's own answers, in place of the one of `@widget-token/core`. */
	answer: ((user: string | null, nonce: string | null) => object) | undefined;
	/** The users for whom a token was asked for, in their order; null: for nobody. */
	readonly asked: (string | null)[] = [];
	/** What went wrong in a page. */
	readonly problems: string[] = [];
	/** The requests by method and address. */
	readonly requests: string[] = [];

	constructor() {
		this.server = createServer(async (request, response) => {
			const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
			this.requests.push(`${request.method} ${pathname}`);
			const send = (status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): void => {
				response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers }).end(body);
			};
			const page = this.#pages.get(pathname);
			if (page !== undefined) return send(200, "text/html; charset=utf-8", page.html, page.headers);
			const script = this.#bundles.get(pathname.slice(1)) ?? standIns[pathname.slice("/vendor/".length)];
			if (script !== undefined) return send(200, "text/javascript", script);
			if (pathname === "/vendor/verify") {
				let token = "";
				for await (const chunk of request) token += chunk;
				return send(200, "application/json", JSON.stringify(await verifies.get(searchParams.get("widget") ?? "")?.(token)));
			}
			if (pathname === "/api/widget-token") {
				this.asked.push(readUser(request.headers.cookie));
				if (this.fault === "hang") return;
				if (this.fault === "html") return send(200, "text/html", "<!doctype html><title>Sign in</title>");
				if (this.fault === "redirect") return send(302, "text/plain", "", { location: "/login" });
				if (this.fault === "down") return send(503, "application/problem+json", "{}", { "retry-after": "1" });
				if (this.fault === "refused")
					return send(403, "application/problem+json", JSON.stringify({ title: "No", remedy: "Ask.", code: "email_unverified" }));
				if (this.answer) {
					const own = this.answer(this.asked.at(-1) ?? null, searchParams.get("nonce"));
					return send(200, "application/json", JSON.stringify(own));
				}
				return this.#endpoint(request, response);
			}
			if (pathname === "/sign-in")
				return send(204, "text/plain", "", { "set-cookie": `user=${searchParams.get("user")}; Path=/; SameSite=Lax` });
			if (pathname === "/sign-out") return send(204, "text/plain", "", { "set-cookie": "user=; Path=/; Max-Age=0" });
			send(404, "text/plain", "");
		});
	}

	readonly #endpoint: ReturnType<typeof toNodeHandler> = (request, response) => {
		const { lifetimeSeconds } = this;
		const mints: Mint[] = contracts.map((contract) =>
			createMint(contract, { env, lifetimeSeconds, ...(contract === customGpt ? { role: () => ["Support"] } : {}) }),
		);
		const handler = createTokenHandler({
			widgets: mints,
			identify: async ({ headers }) => {
				const user = readUser(headers.get("cookie"));
				return user === null ? null : { id: user, provider: "test", name: user, email: `${user}@example.com`, emailVerified: true };
			},
		});
		return toNodeHandler(handler)(request, response);
	};

	async listen(): Promise<void> {
		await this.bundle("kit.js", "fixture/kit.ts");
		await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
	}

	/** As it was before any test. */
	reset(): void {
		this.fault = undefined;
		this.answer = undefined;
		this.lifetimeSeconds = 300;
		this.problems.length = 0;
		this.asked.length = 0;
		this.requests.length = 0;
		this.#pages.clear();
	}

	get origin(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Serves a file of this folder as an app's bundler makes it for the browser. */
	async bundle(name: string, file: string, alias: Record<string, string> = {}): Promise<void> {
		this.#bundles.set(name, await bundle(file, { alias }));
	}

	script(name: string, code: string): void {
		this.#bundles.set(name, code);
	}

	page(path: string, html: string, headers: Readonly<Record<string, string>> = {}): void {
		this.#pages.set(path, {
			html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${path}</title><link rel="icon" href="data:,">${html}`,
			headers,
		});
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** Bundles a file of this folder from the packages' sources. */
export async function bundle(file: string, options: BuildOptions = {}): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
		bundle: true,
		write: false,
		format: "iife",
		conditions: ["@widget-token/source"],
		define: { "process.env.NODE_ENV": '"development"' },
		jsx: "automatic",
		logLevel: "error",
		...options,
	});
	return outputFiles?.[0]?.text ?? "";
}

function readUser(cookie: string | null | undefined): string | null {
	return /(?:^|; )user=(\w+)/.exec(cookie ?? "")?.[1] ?? null;
}

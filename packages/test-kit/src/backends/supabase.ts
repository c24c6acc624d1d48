import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { App } from "@supabase/lite";
import { createConnection } from "@supabase/lite/sqlite";
import { createClient, type Session, type SupabaseClient } from "@supabase/supabase-js";

/** Supabase Lite in this process: the same HTTP API and checks as a hosted project, on SQLite in memory. */
export interface SupabaseBackend {
	/** For `SUPABASE_URL`. */
	readonly url: string;
	/** For `SUPABASE_PUBLISHABLE_KEY`. */
	readonly publishableKey: string;
	/** A client as a browser has it; each call is another visitor. */
	client(): SupabaseClient;
	/** Signs a user up, confirms the address by the code of the mail, and leaves the session in `client`. */
	signUp(
		client: Pick<SupabaseClient, "auth">,
		user: { readonly email: string; readonly password: string; readonly data?: object },
	): Promise<Session>;
	/** Adds to what only the project's own server can write of a user, as `auth.admin.updateUserById` does; Lite has no admin API yet. */
	addAppMetadata(userId: string, metadata: object): Promise<void>;
	/** Refuses every connection until `restore`. */
	fail(): Promise<void>;
	restore(): Promise<void>;
	close(): Promise<void>;
}

const everyPage = { "access-control-allow-origin": "*", "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE" };

/** Starts Supabase Lite on an ephemeral port; it takes about half a second and needs Node 22. */
export async function startSupabaseBackend(): Promise<SupabaseBackend> {
	process.env["LITE_TELEMETRY"] = "0";
	const publishableKey = "sb_publishable_of_the_local_project";
	const mails: { readonly to: unknown; readonly text?: string | undefined }[] = [];
	const app = new App({
		connection: await createConnection({ url: ":memory:" }),
		auth: {
			enabled: true,
			jwt_secret: "the-jwt-secret-of-the-local-project-only",
			publishable_key: publishableKey,
			site_url: "http://127.0.0.1",
			email: { enable_confirmations: true, max_frequency: "0s" },
		},
		options: { drivers: { email: { send: async (mail) => void mails.push(mail) } } },
	});
	await app.ensureSystemSchema();

	const server = createServer((incoming, outgoing) => {
		// The gateway of a hosted project lets every page in, with the headers of the SDK; Lite's own answer lacks `authorization`.
		const requested = incoming.headers["access-control-request-headers"];
		if (incoming.method === "OPTIONS" && requested !== undefined) {
			outgoing.writeHead(204, { ...everyPage, "access-control-allow-headers": requested }).end();
			return;
		}
		void (async () => {
			const body = ["GET", "HEAD"].includes(incoming.method ?? "") ? undefined : Buffer.concat(await incoming.toArray());
			const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
			const answer = await app.fetch(
				new Request(`${url}${incoming.url}`, { method: incoming.method ?? "GET", headers, ...(body && { body }) }),
			);
			outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...everyPage });
			outgoing.end(await answer.text());
		})();
	});
	const listen = async (port: number): Promise<void> => {
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
	};
	const stop = async (): Promise<void> => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	};
	await listen(0);
	const { port } = server.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}`;

	return {
		url,
		publishableKey,
		client: () => createClient(url, publishableKey, { auth: { autoRefreshToken: false, persistSession: false } }),
		signUp: async (client, { email, password, data = {} }) => {
			const signedUp = await client.auth.signUp({ email, password, options: { data } });
			if (signedUp.error) throw signedUp.error;
			const code = /\b\d{6}\b/.exec(mails.findLast(({ to }) => to === email.toLowerCase())?.text ?? "")?.[0];
			const verified = await client.auth.verifyOtp({ email, token: code ?? "", type: "signup" });
			if (verified.error) throw verified.error;
			if (verified.data.session === null) throw new Error("The local Supabase opened no session");
			return verified.data.session;
		},
		addAppMetadata: async (userId, metadata) => {
			const statement = `UPDATE "auth.users" SET raw_app_meta_data = json_patch(raw_app_meta_data, ?) WHERE id = ?`;
			await app.connection.exec(statement, JSON.stringify(metadata), userId);
		},
		fail: stop,
		restore: () => listen(port),
		close: async () => {
			if (server.listening) await stop();
			await app.connection.close();
		},
	};
}

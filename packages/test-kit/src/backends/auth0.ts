import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { type AdapterConstructor, type Configuration, Provider } from "oidc-provider";
import { type Browsing, createBrowsing, readForm } from "../browsing.ts";
import { type Auth0User, auth0Users } from "./auth0-users.ts";
import { renderSignInPage } from "./sign-in-page.ts";

export { type Auth0User, auth0Users } from "./auth0-users.ts";

/** How the tenant can fail: no answer, no connection, Auth0's rate limit, an HTML page where JSON is expected. */
export type Auth0Failure = "slow" | "down" | "rate-limited" | "html";

export interface Auth0Backend {
	/** The issuer as Auth0 writes it, with a slash at its end. */
	readonly issuer: string;
	/** For `AUTH0_DOMAIN`: with the scheme, for the tenant is on plain http. */
	readonly domain: string;
	readonly clientId: string;
	readonly clientSecret: string;
	/** How many requests have reached the tenant. */
	readonly requests: number;
	addUser(user: Auth0User): void;
	/** Walks the app's real sign-in: login → authorize → the tenant's form → callback. */
	signIn(appUrl: string, user: Auth0User, options?: { loginPath?: string }): Promise<Browsing>;
	/** An access token of the application itself (the client-credentials grant). */
	clientToken(): Promise<string>;
	/** How the tenant answers every request until `restore`. */
	fail(failure: Auth0Failure): void;
	restore(): void;
	close(): Promise<void>;
}

/** Starts a stand-in for an Auth0 tenant on a free port of localhost. It is a certified OpenID provider, configured as Auth0 looks. */
export async function startAuth0Backend(
	options: { readonly users?: readonly Auth0User[]; readonly port?: number } = {},
): Promise<Auth0Backend> {
	const users = new Map<string, Auth0User>(
		[...Object.values<Auth0User>(auth0Users), ...(options.users ?? [])].map((entry) => [entry.sub, entry]),
	);
	const clientId = "widget-token-app";
	const clientSecret = "a-client-secret-of-the-local-tenant";
	let failure: Auth0Failure | null = null;
	let requests = 0;
	let handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end();

	const server = createServer((request, response) => {
		requests += 1;
		if (failure === null) handle(request, response);
		else answerFailure(failure, request, response);
	});
	await new Promise<void>((resolve) => server.listen(options.port ?? 0, "localhost", resolve));
	const domain = `http://localhost:${(server.address() as AddressInfo).port}`;
	const provider = new Provider(`${domain}/`, await tenantConfiguration(users, clientId, clientSecret));
	// The apps under test listen on ports that nobody knows beforehand.
	const anyLoopbackUri = (uri: string): boolean => ["localhost", "127.0.0.1"].includes(new URL(uri).hostname);
	provider.Client.prototype.redirectUriAllowed = anyLoopbackUri;
	provider.Client.prototype.postLogoutRedirectUriAllowed = anyLoopbackUri;
	const callback = provider.callback();
	handle = (request, response) => {
		if (request.url?.startsWith("/interaction/") === true) void interact(provider, users, request, response);
		else void callback(request, response);
	};

	return {
		issuer: `${domain}/`,
		domain,
		clientId,
		clientSecret,
		get requests() {
			return requests;
		},
		addUser: (entry) => void users.set(entry.sub, entry),
		signIn: (appUrl, entry, { loginPath = "/auth/login" } = {}) => signIn(new URL(loginPath, appUrl), entry),
		clientToken: async () => {
			const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
			const response = await fetch(`${domain}/oauth/token`, { method: "POST", body });
			return ((await response.json()) as { access_token: string }).access_token;
		},
		fail: (kind) => {
			failure = kind;
		},
		restore: () => {
			failure = null;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function tenantConfiguration(users: ReadonlyMap<string, Auth0User>, clientId: string, clientSecret: string): Promise<Configuration> {
	const { privateKey } = await generateKeyPair("RS256", { extractable: true });
	// The memory of oidc-provider's own default, named here so that it does not warn of itself; the package types no path to it.
	const memory = "oidc-provider/lib/adapters/memory_adapter.js";
	const { default: MemoryAdapter } = (await import(memory)) as { readonly default: AdapterConstructor };
	return {
		adapter: class extends MemoryAdapter {},
		clients: [
			{
				client_id: clientId,
				client_secret: clientSecret,
				grant_types: ["authorization_code", "refresh_token", "implicit", "client_credentials"],
				response_types: ["code", "id_token", "code id_token"],
				redirect_uris: ["https://app.example.com/auth/callback"],
				token_endpoint_auth_method: "client_secret_post",
			},
		],
		jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig" }] },
		cookies: { keys: ["the-cookie-key-of-the-local-tenant"] },
		// Auth0 puts the profile into the ID token, not only into /userinfo, and hands out refresh tokens without a consent page.
		conformIdTokenClaims: false,
		issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
		claims: {
			openid: ["sub", "org_id", "org_name", "act", "https://example.com/role", "user_metadata"],
			profile: ["name", "nickname", "picture"],
			email: ["email", "email_verified"],
		},
		extraParams: ["audience", "organization"],
		findAccount: (_ctx, sub) => {
			const entry = users.get(sub);
			return entry && { accountId: sub, claims: () => ({ ...entry }) };
		},
		loadExistingGrant: async ({ oidc }) => {
			const { client, session, provider } = oidc;
			if (client === undefined || session?.accountId === undefined) return undefined;
			const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
			grant.addOIDCScope("openid profile email offline_access");
			await grant.save();
			return grant;
		},
		renderError: (ctx, out) => {
			ctx.body = { ...out };
		},
		interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
		features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true }, rpInitiatedLogout: { enabled: true } },
		routes: {
			authorization: "/authorize",
			token: "/oauth/token",
			userinfo: "/userinfo",
			jwks: "/.well-known/jwks.json",
			end_session: "/oidc/logout",
		},
		ttl: { AccessToken: 3600, ClientCredentials: 3600, IdToken: 3600, Session: 3600, Interaction: 600, Grant: 3600, RefreshToken: 3600 },
	};
}

/** The login page: one button for each user, or no page at all when `login_hint` names one. */
async function interact(
	provider: Provider,
	users: ReadonlyMap<string, Auth0User>,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const { params } = await provider.interactionDetails(request, response);
	const chosen = request.method === "POST" ? new URLSearchParams(await readBody(request)).get("sub") : params["login_hint"];
	const entry = [...users.values()].find(({ sub, email }) => sub === chosen || email === chosen);
	if (entry !== undefined) {
		await provider.interactionFinished(request, response, { login: { accountId: entry.sub } }, { mergeWithLastSubmission: false });
		return;
	}
	const offered = [...users.values()].map((user) => ({ value: user.sub, name: user.name ?? user.sub, note: noteOn(user) }));
	response.setHeader("content-type", "text/html; charset=utf-8");
	response.end(renderSignInPage({ provider: "Auth0", method: "post", action: request.url ?? "", field: "sub", users: offered }));
}

function noteOn({ email, email_verified, act }: Auth0User): string | undefined {
	if (act !== undefined) return "is impersonated";
	if (email === undefined) return "has no e-mail address";
	return email_verified === true ? undefined : "has no verified address";
}

async function signIn(login: URL, entry: Auth0User): Promise<Browsing> {
	const browsing = createBrowsing();
	const page = await browsing.navigate(login);
	const form = readForm(await page.response.text(), page.url);
	if (form === null) throw new Error(`no login form at ${page.url.origin}${page.url.pathname} (${page.response.status})`);
	form.fields.set("sub", entry.sub);
	const answer = await browsing.navigate(form.action, { method: "POST", body: form.fields });
	// response_mode=form_post: the tenant's page posts itself to the app.
	const post = readForm(await answer.response.text(), answer.url);
	if (post !== null && post.action.origin === login.origin) {
		const done = await browsing.navigate(post.action, { method: "POST", body: post.fields });
		await done.response.body?.cancel();
	}
	return browsing;
}

function answerFailure(failure: Auth0Failure, request: IncomingMessage, response: ServerResponse): void {
	if (failure === "down") request.socket.destroy();
	else if (failure === "rate-limited") {
		response.writeHead(429, { "content-type": "application/json", "retry-after": "7" });
		response.end(JSON.stringify({ error: "too_many_requests", error_description: "Global limit has been reached" }));
	} else if (failure === "html") {
		response.writeHead(200, { "content-type": "text/html" });
		response.end("<!doctype html><title>Maintenance</title>");
	}
	// "slow" never answers: the caller's own time-out has to end it.
}

async function readBody(request: IncomingMessage): Promise<string> {
	let body = "";
	for await (const chunk of request) body += String(chunk);
	return body;
}

import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { createFailureSwitch, type FirebaseFailure } from "./firebase-failure.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

export type FirebaseClaims = Readonly<Record<string, unknown>>;

/** What `accounts:lookup` says of a user. */
export interface LookedUpUser {
	readonly disabled?: boolean;
	/** Seconds since the epoch: sessions that began earlier are revoked. */
	readonly validSince?: number;
}

/** Google's side of Firebase Authentication in production: it signs with RS256 and publishes the keys. */
export interface GoogleStandIn {
	readonly projectId: string;
	/** The certificate of the signing key, as PEM. */
	readonly certificate: string;
	/** For firebase-admin's `httpAgent`: every connection goes to this stand-in. */
	readonly agent: Agent;
	/** For an edge runtime: every request goes to this stand-in. */
	readonly fetch: typeof globalThis.fetch;
	/** The port that `fetch` sends to, under a path that begins with the host's name. */
	readonly port: number;
	/** The addresses that were asked for, in their order. */
	readonly requests: readonly string[];
	/** An ID token; a claim of `undefined` is left out. */
	idToken(claims?: FirebaseClaims): string;
	/** A session cookie; a claim of `undefined` is left out. */
	sessionCookie(claims?: FirebaseClaims): string;
	/** Signs any header and claims with any key; Google's own when none is given. */
	sign(claims: FirebaseClaims, header?: FirebaseClaims, key?: KeyObject): string;
	/** Makes a user known to `accounts:lookup`; undefined forgets the user. */
	setUser(uid: string, user: LookedUpUser | undefined): void;
	fail(failure: FirebaseFailure): void;
	restore(): void;
	close(): Promise<void>;
}

/** The id of the key that signs. */
export const googleKeyId = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";

/** Starts the stand-in on an ephemeral port with a throw-away key. */
export async function startGoogleStandIn(projectId = "widget-token-test"): Promise<GoogleStandIn> {
	const key = createRsaKey();
	const users = new Map<string, LookedUpUser>();
	const requests: string[] = [];
	const failure = createFailureSwitch();

	const certificate = selfSignedCertificate(key, "securetoken.system.gserviceaccount.com");
	const certificates = JSON.stringify({ [googleKeyId]: certificate });
	const jwks = JSON.stringify({
		keys: [{ ...createPublicKey(key).export({ format: "jwk" }), kid: googleKeyId, use: "sig", alg: "RS256" }],
	});
	const documents: Readonly<Record<string, string>> = {
		"www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com": certificates,
		"www.googleapis.com/identitytoolkit/v3/relyingparty/publicKeys": certificates,
		"www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com": jwks,
		"identitytoolkit.googleapis.com/v1/sessionCookiePublicKeys": jwks,
	};

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		// firebase-admin names the host in its header, `fetch` below in the path.
		const address = request.headers.host?.endsWith(".googleapis.com")
			? `${request.headers.host}${request.url}`
			: (request.url ?? "").slice(1);
		requests.push(address);
		const body = await text(request);
		if (await failure.intercept(response)) return;
		if (address.endsWith("/accounts:lookup")) return send(response, 200, lookUp(body));
		const document = documents[address];
		if (document === undefined) return send(response, 404, '{"error":{"code":404,"message":"NOT_FOUND"}}');
		send(response, 200, document, { "cache-control": "public, max-age=19302, must-revalidate, no-transform" });
	}
	function lookUp(body: string): string {
		const { localId } = JSON.parse(body) as { localId: readonly string[] };
		const found = localId.flatMap((uid) => {
			const user = users.get(uid);
			return user ? [{ localId: uid, disabled: user.disabled ?? false, validSince: String(user.validSince ?? 0) }] : [];
		});
		return JSON.stringify({ kind: "identitytoolkit#GetAccountInfoResponse", ...(found.length > 0 && { users: found }) });
	}
	const server = createServer((request, response) => void answer(request, response));
	const port = await listen(server);
	const closedPort = await reserveClosedPort();
	const currentPort = (): number => (failure.current === "down" ? closedPort : port);

	const agent = new Agent({ keepAlive: false });
	agent.createConnection = () => connect(currentPort(), "127.0.0.1");

	const signAs = (claims: FirebaseClaims, header: FirebaseClaims = {}, signingKey: KeyObject = key): string => {
		const input = `${encode({ alg: "RS256", kid: googleKeyId, typ: "JWT", ...header })}.${encode(claims)}`;
		return `${input}.${sign("sha256", Buffer.from(input), signingKey).toString("base64url")}`;
	};
	return {
		projectId,
		certificate,
		agent,
		port,
		requests,
		fetch: (input, init) => {
			const url = new URL(input instanceof Request ? input.url : input);
			return fetch(`http://127.0.0.1:${currentPort()}/${url.host}${url.pathname}${url.search}`, init);
		},
		idToken: (claims) => signAs({ ...userClaims(projectId), iss: `https://securetoken.google.com/${projectId}`, ...claims }),
		sessionCookie: (claims) => signAs({ ...userClaims(projectId), iss: `https://session.firebase.google.com/${projectId}`, ...claims }),
		sign: signAs,
		setUser(uid, user) {
			if (user) users.set(uid, user);
			else users.delete(uid);
		},
		fail: failure.set,
		restore: () => failure.set(undefined),
		async close() {
			failure.set(undefined);
			server.closeAllConnections();
			server.close();
			agent.destroy();
			await once(server, "close");
		},
	};
}

/** A throw-away RSA key of 2048 bits. */
export function createRsaKey(): KeyObject {
	return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
}

function userClaims(projectId: string): FirebaseClaims {
	const now = Math.floor(Date.now() / 1000);
	return {
		name: "Ada",
		picture: "https://example.com/ada.png",
		aud: projectId,
		auth_time: now - 60,
		user_id: "ada-uid",
		sub: "ada-uid",
		iat: now - 30,
		exp: now + 3570,
		email: "ada@example.com",
		email_verified: true,
		firebase: { identities: { email: ["ada@example.com"] }, sign_in_provider: "password" },
	};
}

function encode(part: FirebaseClaims): string {
	return Buffer.from(JSON.stringify(part)).toString("base64url");
}

async function text(request: IncomingMessage): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of request) chunks.push(chunk as Uint8Array);
	return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
	response.writeHead(status, { "content-type": "application/json; charset=UTF-8", ...headers }).end(body);
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

async function reserveClosedPort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	server.close();
	await once(server, "close");
	return port;
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { bearer, type ProviderScenario, type RequestHeaders } from "./scenario.ts";

/** Auth0's ID tokens, as its SPA SDK hands them out. */
export async function auth0TokenScenario(): Promise<ProviderScenario> {
	const [own, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
	const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: "one", alg: "RS256", use: "sig" }] });
	let isDown = false;
	const server = createServer(
		(_, response) => void response.writeHead(isDown ? 429 : 200, { "content-type": "application/json" }).end(isDown ? "{}" : jwks),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const token = async (claims: JWTPayload = {}, key = own.privateKey): Promise<RequestHeaders> => {
		const standard = {
			iss: "https://tenant.example.com/",
			aud: "client",
			sub: "auth0|ada",
			email: "Ada@Example.com",
			email_verified: true,
			name: "Ada",
			"https://example.com/role": "admin",
		};
		return bearer(
			await new SignJWT({ ...standard, ...claims })
				.setProtectedHeader({ alg: "RS256", kid: "one" })
				.setIssuedAt()
				.setExpirationTime("1h")
				.sign(key),
		);
	};
	return {
		env: { AUTH0_DOMAIN: "tenant.example.com", AUTH0_CLIENT_ID: "client" },
		reroute: (url) => (url.href === "https://tenant.example.com/.well-known/jwks.json" ? address : undefined),
		signedIn: () => token(),
		identity: { id: "auth0|ada", provider: "auth0", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}],
		refused: {
			"an API's access token": () => token({ aud: "https://api.example.com" }),
			"another tenant": () => token({ iss: "https://other.example.com/" }),
			"an impersonated user": () => token({ act: { sub: "auth0|support" } }),
			"a forged token": () => token({}, other.privateKey),
		},
		// Auth0 takes the address for the name of a user who has none.
		unverified: () => token({ email_verified: false, name: "Ada@Example.com" }),
		fail: () => {
			isDown = true;
		},
		restore: () => {
			isDown = false;
		},
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}

type GenerateSessionCookie = (session: object, options: { secret: string }) => Promise<string>;

/** The session of Auth0's Next.js SDK. */
export async function auth0SessionScenario(): Promise<ProviderScenario> {
	// Its types would bring those of Next.js, which change the type of every environment in this package's tests.
	const testing = "@auth0/nextjs-auth0/testing";
	const { generateSessionCookie } = (await import(testing)) as { generateSessionCookie: GenerateSessionCookie };
	const secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	const ada = { sub: "auth0|ada", email: "Ada@Example.com", email_verified: true, name: "Ada", "https://example.com/role": "admin" };
	const cookie = async (user: object, key = secret): Promise<RequestHeaders> => {
		const session = { user, tokenSet: { accessToken: "an-access-token", expiresAt: Math.floor(Date.now() / 1000) + 3600 } };
		return { cookie: `__session=${await generateSessionCookie(session, { secret: key })}` };
	};
	return {
		env: {
			AUTH0_DOMAIN: "tenant.example.com",
			AUTH0_CLIENT_ID: "client",
			AUTH0_CLIENT_SECRET: "client-secret-of-the-app",
			AUTH0_SECRET: secret,
			APP_BASE_URL: "https://app.example.com",
		},
		reroute: () => undefined,
		signedIn: () => cookie(ada),
		identity: { id: "auth0|ada", provider: "auth0", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}],
		refused: {
			"an impersonated user": () => cookie({ ...ada, act: { sub: "auth0|support" } }),
			"a session of nobody": () => cookie({ ...ada, sub: "" }),
		},
		unverified: () => cookie({ ...ada, email_verified: false, name: "Ada@Example.com" }),
		close: async () => {},
	};
}

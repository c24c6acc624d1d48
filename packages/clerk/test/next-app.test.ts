import { existsSync } from "node:fs";
import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { createWidgetKeys, fiveWidgets } from "@widget-token/test-kit/widget-keys";
import { importSPKI, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apps, buildNext, type NextServer, startNext } from "./next-server.ts";

describe("apps/next-clerk", () => {
	const keys = createWidgetKeys();
	let backend: ClerkBackend;
	let server: NextServer;

	beforeAll(async () => {
		backend = await startClerkBackend();
		// The build is given no secret; it is there already when the whole repository has been built.
		if (!existsSync(`${apps.nextClerk}/.next/BUILD_ID`)) await buildNext(apps.nextClerk);
		server = await startNext(apps.nextClerk, (origin) => ({
			...keys.env,
			CLERK_API_URL: backend.apiUrl,
			CLERK_SECRET_KEY: backend.secretKey,
			NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: backend.publishableKey,
			CLERK_JWT_KEY: backend.jwtKey,
			CLERK_AUTHORIZED_PARTIES: origin,
		}));
	});
	afterAll(async () => {
		await server?.close();
		await backend?.close();
	});

	async function signIn(user: string): Promise<string> {
		const response = await fetch(backend.signInUrl(user, `${server.origin}/support`), { redirect: "manual" });
		expect(response.headers.get("location")).toBe(`${server.origin}/support`);
		return response.headers
			.getSetCookie()
			.map((line) => line.slice(0, line.indexOf(";")))
			.join("; ");
	}

	test.each(fiveWidgets)("$id gets a token of the visitor who signed in", async (contract) => {
		const response = await fetch(`${server.origin}/api/widget-token?widget=${contract.id}`, {
			headers: { accept: "application/json", cookie: await signIn("ada") },
		});
		const { token } = (await response.json()) as { token: string };
		const key = keys.verificationKey(contract);
		const { payload } = await (contract.algorithm === "RS256"
			? importSPKI(key, "RS256").then((publicKey) => jwtVerify(token, publicKey))
			: jwtVerify(token, new TextEncoder().encode(key)));
		expect(String(payload["email"]).toLowerCase()).toBe("ada@example.com");
		if (contract.id === "onpilot") expect(payload).toMatchObject({ sub: "user_ada", role: "admin" });
		if (contract.id === "customgpt") expect(payload).toMatchObject({ roles: "admin" });
	});

	test("a user whose role only the own browser claims gets none", async () => {
		const cookie = await signIn("barbara");
		const ask = async (widget: string) =>
			(await fetch(`${server.origin}/api/widget-token?widget=${widget}`, { headers: { cookie } })).json();
		expect(await ask("customgpt")).toMatchObject({ code: "role_missing" });
		const { token } = (await ask("onpilot")) as { token: string };
		const { payload } = await jwtVerify(token, new TextEncoder().encode(keys.env["ONPILOT_EMBED_SECRET"]));
		expect(payload).not.toHaveProperty("role");
	});

	test("the pages render for a visitor who is signed in and for one who is not", async () => {
		const page = async (path: string, cookie = "") => (await fetch(server.origin + path, { headers: { cookie } })).text();
		const cookie = await signIn("ada");
		expect(await page("/", cookie)).toContain("<strong>Ada</strong>");
		expect(await page("/")).toContain("Nobody is signed in.");
		expect(await page("/support", cookie)).toMatch(/data-user-token="eyJ/);
		expect(await page("/support")).not.toContain("eyJ");
	});
});

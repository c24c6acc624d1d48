import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apps, buildNext, type NextServer, startNext } from "./next-server.ts";

// Next prerenders routes and pages at build time here, and leaves them by throwing: those errors must get through.
describe("a Next.js app with cache components", () => {
	const variant = { FIXTURE_CACHE_COMPONENTS: "1" };
	const keys = createWidgetKeys();
	let built: string;
	let backend: ClerkBackend;
	let server: NextServer;

	beforeAll(async () => {
		[built, backend] = await Promise.all([
			buildNext(apps.fixture, variant),
			startClerkBackend({ authorizedParty: "https://app.example.com" }),
		]);
		server = await startNext(apps.fixture, () => ({
			...variant,
			...keys.env,
			CLERK_API_URL: backend.apiUrl,
			CLERK_SECRET_KEY: backend.secretKey,
			NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: backend.publishableKey,
			CLERK_JWT_KEY: backend.jwtKey,
			FIXTURE_AUTHORIZED_PARTY: backend.authorizedParty,
		}));
	});
	afterAll(async () => {
		await server?.close();
		await backend?.close();
	});

	test("the build needs no secret, prerenders no token and reports nothing", () => {
		expect(built).toMatch(/ƒ \/api\/widget-token/);
		expect(built).not.toMatch(/^event |\[widget-token\]/m);
	});

	test("the route answers each visitor anew", async () => {
		const tokens = await Promise.all(
			[clerkUsers.ada, clerkUsers.barbara].map(async (user) => {
				const { cookie } = await backend.createSession(user);
				const response = await fetch(`${server.origin}/api/widget-token?widget=hilal`, { headers: { cookie } });
				return ((await response.json()) as { token: string }).token;
			}),
		);
		const [ada = "", barbara = ""] = tokens;
		expect(ada).toMatch(/^ey/);
		expect(barbara).toMatch(/^ey/);
		expect(ada).not.toBe(barbara);
	});

	test("a page streams the token of its own visitor into its static shell", async () => {
		const { cookie } = await backend.createSession(clerkUsers.ada);
		const known = await (await fetch(`${server.origin}/page-token`, { headers: { cookie } })).text();
		expect(known).toMatch(/data-user-token="eyJ/);
		expect(await (await fetch(`${server.origin}/page-token`)).text()).not.toContain("eyJ");
	});
});

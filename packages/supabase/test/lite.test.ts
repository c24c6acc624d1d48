import { createServerClient } from "@supabase/ssr";
import { withSupabaseWidgetToken } from "@widget-token/supabase";
import { withSupabaseWidgetToken as withCookies } from "@widget-token/supabase/ssr";
import { type SupabaseBackend, startSupabaseBackend } from "@widget-token/test-kit/backends/supabase";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, bearer, keys } from "./asking.ts";

describe("in front of Supabase Lite", () => {
	let backend: SupabaseBackend;
	beforeAll(async () => {
		backend = await startSupabaseBackend();
	});
	afterAll(() => backend.close());
	const options = (): Parameters<typeof withSupabaseWidgetToken>[0] => ({
		widgets: [bestChatBot, hilal],
		env: keys.env,
		onEvent: () => undefined,
		supabaseUrl: backend.url,
		supabaseKey: backend.publishableKey,
	});

	it("follows a visitor from sign-up to sign-out", async () => {
		const handler = withSupabaseWidgetToken(options());
		const client = backend.client();
		const { access_token, user } = await backend.signUp(client, {
			email: "Ada@Example.com",
			password: "correct horse battery",
			data: { full_name: "Ada", role: "admin" },
		});
		const answer = await ask(handler, bearer(access_token), "bestchatbot");
		expect(answer.claims).toMatchObject({ user_id: user.id, email: "ada@example.com", name: "Ada" });
		expect(answer.text).not.toContain(access_token);
		await client.auth.signOut();
		expect(await ask(handler, bearer(access_token), "bestchatbot")).toMatchObject({ status: 401, code: "credential_expired" });
		const { data } = await client.auth.signInWithPassword({ email: "ada@example.com", password: "correct horse battery" });
		expect((await ask(handler, bearer(data.session?.access_token ?? ""), "bestchatbot")).claims).toMatchObject({ user_id: user.id });
	});

	it("never answers with a user who is signed in elsewhere", async () => {
		const handler = withSupabaseWidgetToken(options());
		await backend.signUp(backend.client(), { email: "grace@example.com", password: "correct horse battery" });
		expect(await ask(handler, { authorization: "Bearer " })).toMatchObject({ code: "credential_invalid" });
		expect(await ask(handler, bearer(backend.publishableKey))).toMatchObject({ claims: null });
	});

	it("reads the cookies of @supabase/ssr", async () => {
		const jar = new Map<string, string>();
		const browser = createServerClient(backend.url, backend.publishableKey, {
			cookies: {
				getAll: () => [...jar].map(([name, value]) => ({ name, value })),
				setAll: (cookies) => cookies.forEach(({ name, value }) => void jar.set(name, value)),
			},
		});
		const { user } = await backend.signUp(browser, { email: "mary@example.com", password: "correct horse battery" });
		const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
		expect((await ask(withCookies(options()), { cookie })).claims).toMatchObject({ sub: user.id, email: "mary@example.com" });
	});
});

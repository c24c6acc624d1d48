import { createSupabaseIdentify, withSupabaseWidgetToken } from "@widget-token/supabase";
import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { hilal } from "@widget-token/widgets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, bearer, keys } from "./asking.ts";

let backend: SupabaseStandIn;
let headers: { readonly authorization: string };

beforeAll(async () => {
	backend = await startSupabaseStandIn();
	headers = bearer((await backend.signIn(backend.createUser())).access_token);
});
afterAll(() => backend.close());

const create = (env: Record<string, string>, details: string[] = []): ReturnType<typeof withSupabaseWidgetToken> =>
	withSupabaseWidgetToken({ widget: hilal, env: { ...keys.env, ...env }, onEvent: ({ detail }) => void details.push(detail ?? "") });

describe("the project", () => {
	it("comes from the variables that an Edge Function has", async () => {
		const { anon, publishable } = backend.keys;
		for (const env of [
			{ SUPABASE_ANON_KEY: anon },
			{ SUPABASE_PUBLISHABLE_KEY: publishable },
			{ SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishable }) },
		]) {
			expect(await ask(create({ SUPABASE_URL: `${backend.url}/`, ...env }), headers)).toMatchObject({ status: 200 });
		}
	});

	it("comes from the variables that Supabase's set-up for Next.js has", async () => {
		const env = { NEXT_PUBLIC_SUPABASE_URL: backend.url, NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: backend.keys.publishable };
		expect(await ask(create(env), headers)).toMatchObject({ status: 200 });
	});

	it("is read at the request, so that a build needs none", async () => {
		const env: Record<string, string> = {};
		const handler = withSupabaseWidgetToken({
			widget: hilal,
			env: {
				...keys.env,
				get SUPABASE_URL() {
					return env["url"];
				},
				SUPABASE_ANON_KEY: backend.keys.anon,
			},
			onEvent: () => undefined,
		});
		expect(await ask(handler, headers)).toMatchObject({ status: 500, code: "provider_misconfigured" });
		env["url"] = backend.url;
		expect(await ask(handler, headers)).toMatchObject({ status: 200 });
	});

	it.each([
		["no URL", { SUPABASE_ANON_KEY: "key" }, /URL/],
		["no key", { SUPABASE_URL: "http://127.0.0.1:1" }, /API key/],
		["no http URL", { SUPABASE_URL: "my-project", SUPABASE_ANON_KEY: "key" }, /URL/],
	])("is named when it is missing: %s", async (_name, env, detail) => {
		const details: string[] = [];
		const answer = await ask(create(env, details), headers);
		expect(answer).toMatchObject({ status: 500, code: "provider_misconfigured" });
		expect(details[0]).toMatch(detail);
		expect(answer.text).not.toMatch(/my-project|127\.0\.0\.1/);
	});

	it("is told apart from a bad session when its API key is wrong", async () => {
		expect(await ask(create({ SUPABASE_URL: backend.url, SUPABASE_ANON_KEY: "sb_publishable_of_another" }), headers)).toMatchObject({
			status: 500,
			code: "provider_misconfigured",
		});
	});
});

describe("the options", () => {
	it("refuse an unknown mode", () => {
		expect(() => createSupabaseIdentify({ mode: "getSession" as "getUser" })).toThrow(expect.objectContaining({ code: "options_invalid" }));
	});

	it("cannot be changed after they were checked", async () => {
		const options = {
			widget: hilal,
			env: keys.env,
			supabaseUrl: backend.url,
			supabaseKey: backend.keys.anon,
			postgresRoles: ["authenticated"],
		};
		const handler = withSupabaseWidgetToken(options);
		options.supabaseUrl = "http://127.0.0.1:1";
		expect(await ask(handler, headers)).toMatchObject({ status: 200 });
	});

	it("stop a browser that loads the package", async () => {
		await expect(import("../src/browser.ts")).rejects.toThrow("browser_environment");
	});
});

import { createMint, createTokenHandler, defineContract, type MintOptions, type TokenHandlerOptions } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { ada, codeOf, env, now, payloadOf, refusalOf } from "./minting.ts";
import { mailWidget, problemOf, request, serve, widget } from "./serving.ts";

const hmac = defineContract({
	id: "hash",
	name: "Hash",
	documentation: [],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "ACME_HMAC_SECRET", encoding: "utf8" },
	message: { field: "id" },
});
const tokenOf = async (response: Response): Promise<string> => ((await response.json()) as { token: string }).token;

describe("several widgets behind one route", () => {
	const served = () => serve({ widgets: [widget, mailWidget, hmac] });

	it("are chosen by ?widget=<id>, each with its own key and claims", async () => {
		expect(payloadOf(await tokenOf(await served().handler(request({}, "GET", "?widget=profile"))))).toMatchObject({ sub: "u_1" });
		expect(payloadOf(await tokenOf(await served().handler(request({}, "POST", "?a=b&widget=mail"))))).toMatchObject({
			email: "Ada@Example.com",
		});
		expect(await (await served().handler(request({}, "GET", "?widget=hash"))).json()).toEqual({
			token: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
	});

	it.each(["", "?", "?widgets=mail", "?Widget=mail"])("must be named: %j is not enough", async (query) => {
		const { handler, identified, events } = served();
		const response = await handler(request({}, "GET", query));
		expect(response.status).toBe(400);
		expect(await problemOf(response)).toMatchObject({ code: "widget_required" });
		expect(identified()).toBe(0);
		expect(events).toMatchObject([{ outcome: "refused", code: "widget_required", widget: undefined }]);
	});

	it.each(["nope", "", "MAIL", " mail", "mail ", "__proto__", "constructor", "toString", "mail,profile", "../mail", "<script>"])(
		"are known by their exact id: %j is none",
		async (id) => {
			for (const { handler, identified, events } of [served(), serve()]) {
				const response = await handler(request({}, "GET", `?widget=${encodeURIComponent(id)}`));
				expect(response.status).toBe(400);
				const problem = await problemOf(response);
				expect(problem).toMatchObject({ code: "widget_unknown" });
				if (id.includes("<")) expect(JSON.stringify([problem, events])).not.toContain("script");
				expect(identified()).toBe(0);
			}
		},
	);

	it("fail each by itself", async () => {
		const { handler } = serve({ widgets: [widget, mailWidget], env: { ...env, MAIL_SECRET: "" } });
		expect((await handler(request({}, "GET", "?widget=profile"))).status).toBe(200);
		expect((await handler(request({}, "GET", "?widget=mail"))).status).toBe(500);
	});

	it("take options of their own through createMint", async () => {
		const { handler } = serve({ widgets: [createMint(widget, { env, now, lifetimeSeconds: 60 }), mailWidget] });
		expect(await (await handler(request({}, "GET", "?widget=profile"))).json()).toMatchObject({ expiresIn: 60 });
		expect(await (await handler(request({}, "GET", "?widget=mail"))).json()).toMatchObject({ expiresIn: 600 });
	});

	it("share the options that cannot be mistaken", async () => {
		const identify: TokenHandlerOptions["identify"] = async () => ({ ...ada, emailVerified: false });
		expect((await serve({ widgets: [widget, mailWidget], identify }).handler(request({}, "GET", "?widget=mail"))).status).toBe(403);
		expect(
			(await serve({ widgets: [widget, mailWidget], identify, allowUnverifiedEmail: true }).handler(request({}, "GET", "?widget=mail")))
				.status,
		).toBe(200);
	});
});

describe("one widget", () => {
	it("need not be named, and may be", async () => {
		for (const query of ["", "?widget=profile"]) expect((await serve().handler(request({}, "GET", query))).status).toBe(200);
		expect((await serve({ widgets: [widget] }).handler(request())).status).toBe(200);
	});

	it("takes the mint's options directly", async () => {
		const { handler } = serve({ widget, lifetimeSeconds: 30, secret: env.ACME_SECRET, env: {} });
		expect(await (await handler(request())).json()).toMatchObject({ expiresIn: 30 });
	});
});

describe("widgets that cannot be told apart", () => {
	const create = (options: object): unknown => createTokenHandler({ env, identify: async () => null, ...options } as TokenHandlerOptions);

	it.each([
		{},
		{ widget, widgets: [mailWidget] },
		{ widgets: [] },
		{ widgets: [widget, widget] },
		{ widgets: [widget, createMint(widget, { env })] },
	])("are refused at construction (%#)", async (options) => {
		expect(await codeOf(() => create(options))).toBe("options_invalid");
	});

	const perWidget: MintOptions = { secret: "x", settings: {}, role: () => "a", claims: {}, lifetimeSeconds: 60 };
	it.each(Object.entries(perWidget))("cannot share %s: a secret of one vendor must never sign for another", async (name, value) => {
		const error = await refusalOf(() => create({ widgets: [widget, mailWidget], [name]: value }));
		expect(error).toMatchObject({ code: "options_invalid" });
		expect(error.message).toContain(`createMint(contract, { ${name} })`);
	});
});

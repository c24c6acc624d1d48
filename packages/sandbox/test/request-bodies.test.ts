import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type ListeningSandbox } from "../src/index.ts";

let listening: ListeningSandbox;

beforeAll(async () => {
	listening = await createSandbox({ env: {} }).listen({ port: 0 });
});

afterAll(() => listening.close());

const chunked = (text: string): ReadableStream =>
	new ReadableStream({
		start(controller) {
			controller.enqueue(new TextEncoder().encode(text));
			controller.close();
		},
	});

function post(path: string, body: string | ReadableStream): Promise<Response> {
	return fetch(listening.url + path, {
		method: "POST",
		headers: { "content-type": "application/json", origin: listening.url },
		body,
		redirect: "manual",
		...(typeof body === "string" ? {} : { duplex: "half" }),
	} as RequestInit);
}

const megabyte = JSON.stringify({ message: "x".repeat(1_048_576), token: "x" });
const routes = [
	"/api/widget/verify-jwt?widget=hilal",
	"/api/widget/verify-jwt",
	"/api/chat?widget=hilal",
	"/widgets/hilal/key",
	"/widgets/hilal/key/removal",
	"/nothing",
];

describe("a body of 1 MB is refused as a problem", () => {
	test.each(routes)("at %s, of a known length or not, and the next request is served", async (path) => {
		for (const body of [megabyte, chunked(megabyte)]) {
			const response = await post(path, body);
			expect(response.status).toBe(413);
			expect(response.headers.get("content-type")).toBe("application/problem+json");
			expect(await response.json()).toMatchObject({ status: 413, code: "body_too_large", remedy: expect.any(String) });
			expect((await fetch(listening.url)).status).toBe(200);
		}
	});

	test("a page of the app may read the refusal", async () => {
		const origin = "http://localhost:3000";
		for (const path of routes.slice(0, 3)) {
			const response = await fetch(listening.url + path, { method: "POST", headers: { origin }, body: megabyte });
			expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([413, origin]);
		}
	});
});

describe("a malformed body", () => {
	const malformed = [
		["nothing", ""],
		["half of an object", "{"],
		["null", "null"],
		["an array", "[]"],
		["text", '"text"'],
		["a number for a message", '{"message":1}'],
		["a message that is too long", `{"message":"${"x".repeat(2001)}"}`],
		["control characters", "\u0000\ufffd"],
	] as const;

	test.each(malformed)("%s is a problem to the chat", async (_, text) => {
		for (const body of [text, chunked(text)]) {
			const response = await post("/api/chat?widget=hilal", body);
			expect(response.status).toBe(400);
			expect(response.headers.get("content-type")).toBe("application/problem+json");
			expect(await response.json()).toMatchObject({ status: 400, code: "body_invalid" });
		}
	});

	test.each(malformed)("%s is malformed to the vendor's endpoint, as its page documents", async (_, text) => {
		for (const body of [text, chunked(text)]) {
			const response = await post("/api/widget/verify-jwt?widget=hilal", body);
			expect(response.status).toBe(200);
			expect(await response.json()).toMatchObject({ verified: false, reason: "malformed" });
		}
	});

	test("in bytes that are not UTF-8 is a problem too", async () => {
		const response = await fetch(`${listening.url}/api/chat?widget=hilal`, { method: "POST", body: new Uint8Array([0x7b, 0xff, 0xfe]) });
		expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
	});
});

test("the chat takes a message whose length is not known beforehand", async () => {
	const response = await post("/api/chat?widget=hilal", chunked('{"message":"Hello"}'));
	expect(await response.json()).toMatchObject({ identitySource: "anonymous" });
});

import { createHmac } from "node:crypto";
import { createMint, defineContract } from "@widget-token/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../src/index.ts";
import { escapeOpaque } from "../src/invisible.ts";
import { askVendor, getPage } from "./tokens.ts";

const sandbox = createSandbox({ env: {} });

/** Signs as a backend with another library does, which takes any id. */
function sign(claims: object): string {
	const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
	const now = Math.floor(Date.now() / 1000);
	const input = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ name: "Ada", email: "ada@example.com", iat: now, exp: now + 600, ...claims })}`;
	const key = sandbox.env.HILAL_WIDGET_HMAC_SECRET ?? "";
	return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

async function readClaims(from: Sandbox, response: Response): Promise<Readonly<Record<string, unknown>>> {
	const path = `/api/verifications/${response.headers.get("sandbox-verification")}`;
	const { findings } = JSON.parse(await getPage(from, path)) as { findings: { name: string; value?: unknown }[] };
	return Object.fromEntries(findings.map(({ name, value }) => [name, value]));
}

describe("an id and an address are shown as they are signed", () => {
	test.each([" ada", "ada ", "ada\u00a0", "\u200bada", "ad\u202ea", "ADA", "e\u0301", "\u212a@example.com", "ada\n"])(
		"%j",
		async (text) => {
			const claims = await readClaims(sandbox, await askVendor(sandbox, "hilal", sign({ sub: text, email: text })));
			expect(claims).toMatchObject({ sub: text, email: text });
			expect(await getPage(sandbox, "/")).toContain(`<code>${escapeOpaque(text)}</code>`);
		},
	);

	test.each([
		[" ada", "\\u{20}ada"],
		["ada\u00a0", "ada\\u{a0}"],
		["a\u200bda\u202e", "a\\u{200b}da\\u{202e}"],
		["Ada Lovelace", "Ada Lovelace"],
		["\\u{20}ada", "\\u{5c}u{20}ada"],
	])("%j is written %s", (text, written) => expect(escapeOpaque(text)).toBe(written));

	test("no two of them look the same", () => {
		const seen = new Map<string, string>();
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 4 }), (text) => {
				const written = escapeOpaque(text);
				expect(seen.get(written) ?? text).toBe(text);
				seen.set(written, text);
				expect(escapeOpaque(`${text} `)).not.toBe(written);
				expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
			}),
		);
	});
});

const contract = defineContract({
	id: "beacon",
	name: "Beacon",
	documentation: ["https://docs.example.com/secure-mode"],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "BEACON_SECRET", encoding: "utf8" },
	message: { field: "email" },
});

test("so is the identifier that a hash is of", async () => {
	const own = createSandbox({ env: {}, contracts: [contract] });
	const { token } = await createMint(contract, { env: own.env })({
		id: "u_1",
		provider: "test",
		email: "ada@example.com",
		emailVerified: true,
	});
	for (const identifier of ["ada@example.com ", "Ada@example.com", "ada@example.com"]) {
		const response = await askVendor(own, contract.id, token, { identifier });
		expect(await readClaims(own, response)).toEqual({ email: identifier });
		expect(((await response.json()) as { verified: boolean }).verified).toBe(identifier === "ada@example.com");
	}
});

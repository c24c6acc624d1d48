import { createHmac, createSign } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { JsonValue } from "@widget-token/core";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { makeVectors, toAsciiJson, type VectorFile } from "../scripts/make-vectors.ts";
import { plans } from "../scripts/vector-cases.ts";
import { claimsByPage } from "./vendor-pages.ts";

const ids = ["onpilot", "bestchatbot", "hilal", "jupid", "customgpt"];
const read = (id: string): Promise<string> => readFile(new URL(`../vectors/${id}.json`, import.meta.url), "utf8");
const files = new Map<string, VectorFile>(
	await Promise.all(ids.map(async (id) => [id, JSON.parse(await read(id)) as VectorFile] as const)),
);

/** The codes of the refusals, by hand. */
const refusals: Readonly<Record<string, string>> = {
	"another role is refused": "claim_invalid",
	"several roles are refused": "claim_invalid",
	"a missing copilot is refused": "setting_missing",
	"a free-form claim is refused": "claim_reserved",
	"a name with a control character is refused": "identity_invalid",
	"an empty id is refused": "identity_invalid",
	"an id of white space is refused": "identity_invalid",
	"an id that begins with a space is refused": "identity_invalid",
	"an id that ends with a no-break space is refused": "identity_invalid",
	"an id with half a surrogate pair is refused": "identity_invalid",
	"an identity without an id is a mistake": "provider_misconfigured",
	"an address that is none is refused": "identity_invalid",
	"an address that ends with a space is refused": "identity_invalid",
	"an address with a zero-width space is refused": "identity_invalid",
	"an address with the Kelvin sign is not lower-cased": "identity_invalid",
	"an address with a dotted capital I is not lower-cased": "identity_invalid",
	"an address with a capital sigma is not lower-cased": "identity_invalid",
	"a role that begins with a space is refused": "identity_invalid",
	"a lifetime above the maximum is refused": "lifetime_invalid",
	"an unverified address is refused": "email_unverified",
	"an address of which nothing is known is refused": "email_unverified",
	"a missing address is refused": "claim_missing",
	"a role is refused": "options_invalid",
	"an unverified address is refused when it is demanded": "email_unverified",
	"a name that reorders the text around it is refused": "identity_invalid",
	"a payload that is no object is refused": "claim_invalid",
	"a claim of the contract's is refused": "claim_reserved",
	"a missing partner is refused": "setting_missing",
	"a user without a role is refused": "role_missing",
	"a role that is not mapped is refused": "role_unmapped",
	"a role claim that the contract has already is refused": "claim_reserved",
	"a free-form claim of another name is refused": "claim_reserved",
};

describe.each(ids)("the vectors of %s", (id) => {
	const file = files.get(id) as VectorFile;
	const tokens = file.vectors.filter((vector) => "token" in vector);
	const verifyingKey = "secret" in file.key ? file.key.secret : file.key.publicKey;

	it("are what the code of today makes", async () => {
		const plan = plans.find(({ contract }) => contract.id === id);
		expect(toAsciiJson(await makeVectors(plan as (typeof plans)[number], file.key))).toBe(await read(id));
	});

	it("hold a clock, an id and several cases of both kinds", () => {
		expect(file).toMatchObject({ contract: id, now: 1_767_225_600, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) });
		expect(tokens.length).toBeGreaterThanOrEqual(5);
		expect(file.vectors.length - tokens.length).toBeGreaterThanOrEqual(3);
		expect(new Set(file.vectors.map(({ name }) => name)).size).toBe(file.vectors.length);
	});

	it.each(tokens.map((vector) => [vector.name, vector] as const))("verify with jsonwebtoken: %s", (_, vector) => {
		const { header, payload } = jwt.verify(vector.token, verifyingKey, {
			algorithms: [file.algorithm as jwt.Algorithm],
			complete: true,
			clockTimestamp: file.now,
		});
		expect(header).toEqual({ alg: file.algorithm, typ: "JWT" });
		expect(header).toEqual(vector.header);
		expect(payload).toEqual(vector.payload);
	});

	it.each(tokens.map((vector) => [vector.name, vector] as const))(
		"hold what the vendor's page asks for: %s",
		(_, { identity, settings, options, payload }) => {
			const expected = claimsByPage[id]?.(identity, { settings, options } as object, file);
			expect(payload).toEqual(expected);
			expect(Object.keys(payload as object)).toEqual(Object.keys(expected ?? {}));
		},
	);

	it.each(tokens.map((vector) => [vector.name, vector] as const))("have the bytes that node:crypto signs: %s", (_, vector) => {
		const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
		const input = `${encode(vector.header)}.${encode(vector.payload)}`;
		const { key } = file;
		const signature =
			"secret" in key
				? createHmac("sha256", Buffer.from(key.secret, "utf8")).update(input).digest("base64url")
				: createSign("RSA-SHA256").update(input).sign(key.privateKey, "base64url");
		expect(vector.token).toBe(`${input}.${signature}`);
	});

	it.each(file.vectors.filter((vector) => "error" in vector).map((vector) => [vector.name, vector] as const))(
		"name the refusal: %s",
		(name, vector) => {
			expect(vector).toMatchObject({ error: refusals[name] });
			expect(vector).not.toHaveProperty("token");
		},
	);

	it.each(tokens.map((vector) => [vector.name, vector] as const))(
		"last at most a day, in whole seconds, with identifiers as text: %s",
		(_, { payload }) => {
			const { iat, exp, ...claims } = payload as Record<string, JsonValue> & { iat: number; exp: number };
			expect(Number.isSafeInteger(iat) && Number.isSafeInteger(exp)).toBe(true);
			expect(iat).toBe(file.now);
			expect(exp - iat).toBeLessThanOrEqual(86_400);
			for (const name of ["iss", "aud", "sub", "user_id", "copilot_id", "jti", "email", "name"])
				if (name in claims) expect(typeof claims[name]).toBe("string");
		},
	);
});

import { readFile } from "node:fs/promises";
import { algorithms, type Contract, defineContract, WidgetTokenError } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everything, hash } from "./sample-contracts.ts";

const schema = JSON.parse(await readFile(new URL("../contract.schema.json", import.meta.url), "utf8")) as object;
const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: false }).compile(schema);

const contracts: readonly Contract[] = [...Object.values(widgets), everything, hash];

/** Why `defineContract` refuses the data; undefined when it takes it. */
function refusalOf(data: unknown): string | undefined {
	try {
		defineContract(data);
		return undefined;
	} catch (error) {
		expect(error).toBeInstanceOf(WidgetTokenError);
		expect(error).toMatchObject({ code: "contract_invalid" });
		return (error as WidgetTokenError).detail;
	}
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Members = { [name: string]: Json };

const copyOf = (contract: Contract): Members => JSON.parse(JSON.stringify(contract)) as Members;

/** Sets a member by its path, in a copy; undefined drops it. */
function withMember(contract: Contract, path: string, value: Json | undefined): Members {
	const copy = copyOf(contract);
	const names = path.split("/");
	const last = names.pop() as string;
	let node = copy;
	for (const name of names) node = node[name] as Members;
	if (value === undefined) delete node[last];
	else node[last] = value;
	return copy;
}

/** What `defineContract` demands and a JSON Schema cannot say, each with an example. */
const beyondSchema: Readonly<Record<string, { readonly detail: RegExp; readonly example: Members }>> = {
	"a page of the documentation is a URL": {
		detail: /^documentation\.\d+ is not a URL$/,
		example: withMember(everything, "documentation", ["https://[example"]),
	},
	"header.kid names a setting": { detail: /^header\.kid is not one of: /, example: withMember(everything, "header/kid", "nope") },
	"a claim of a setting names one": {
		detail: /^claims\.[^ ]+\.setting is not one of: /,
		example: withMember(everything, "claims/kid/setting", "nope"),
	},
	"nameSetting names a setting": {
		detail: /^claims\.[^ ]+\.nameSetting is not one of: /,
		example: withMember(everything, "claims/sub/nameSetting", "nope"),
	},
	"a group names claims": { detail: /^oneOf\.\d+ is not one of: /, example: withMember(everything, "oneOf", [["nope"]]) },
	"exactly one claim is the expiry": {
		detail: /^claims needs exactly one claim that is generated as expirationTime$/,
		example: withMember(everything, "claims/exp", undefined),
	},
	"the default lifetime is within the maximum": {
		detail: /^lifetime\.defaultSeconds is above maximumSeconds$/,
		example: withMember(everything, "lifetime/defaultSeconds", 181),
	},
	"a reference names a setting of the page": {
		detail: /^delivery\.embeds\.[^ ]+ refers to \w+, which is not one of: /,
		example: withMember(everything, "delivery/settings", {}),
	},
	"the advised lifetime is within the maximum": {
		detail: /^lifetime\.advisedMaximumSeconds is above maximumSeconds$/,
		example: withMember(everything, "lifetime/advisedMaximumSeconds", 181),
	},
};

describe("the JSON Schema of the contract format", () => {
	it.each(contracts.map((contract) => [contract.id, contract] as const))("takes %s, as TypeScript and as JSON", (_, contract) => {
		expect(validate(contract), JSON.stringify(validate.errors)).toBe(true);
		expect(defineContract(copyOf(contract))).toEqual(contract);
	});

	it.each(Object.entries(algorithms))("takes %s with a key of its kind, as defineContract does", (algorithm, { keyType }) => {
		const fitting = keyType === "oct" ? ["utf8", "hex", "base64"] : ["pem", "base64-pem"];
		for (const encoding of ["utf8", "hex", "base64", "pem", "base64-pem"]) {
			const data = { ...copyOf(everything), algorithm, key: { env: "KEY", encoding } };
			expect(validate(data), encoding).toBe(fitting.includes(encoding));
			expect(refusalOf(data), encoding).toBe(fitting.includes(encoding) ? undefined : `key.encoding is not one of: ${fitting.join(", ")}`);
		}
	});

	it("names the same algorithms as defineContract: those of RFC 7518 that sign", () => {
		const named = ["HS", "RS", "PS", "ES"].flatMap((family) => ["256", "384", "512"].map((size) => family + size));
		expect(Object.keys(algorithms)).toEqual(named);
		const { JwtContract } = (schema as { $defs: { JwtContract: { properties: { algorithm: { enum: string[] } } } } }).$defs;
		expect(JwtContract.properties.algorithm.enum).toEqual(named);
	});

	it("describes every member of the format", () => {
		const undescribed: string[] = [];
		const visit = (node: unknown, path: string): void => {
			if (typeof node !== "object" || node === null) return;
			for (const [name, member] of Object.entries((node as { properties?: Record<string, Record<string, unknown>> }).properties ?? {})) {
				const reference =
					typeof member["$ref"] === "string"
						? (schema as { $defs: Record<string, { description?: string }> }).$defs[member["$ref"].replace("#/$defs/", "")]
						: undefined;
				// Branches of a condition only narrow what is described elsewhere.
				if (
					!/\/(?:if|then|else|allOf|anyOf)(?:\/|$)/.test(path) &&
					member["description"] === undefined &&
					reference?.description === undefined
				)
					undescribed.push(`${path}/${name}`);
			}
			for (const [name, member] of Object.entries(node)) visit(member, `${path}/${name}`);
		};
		visit(schema, "");
		expect(undescribed).toEqual([]);
	});

	it.each(Object.entries(beyondSchema))("cannot say, and defineContract does: %s", (_, { detail, example }) => {
		expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
		expect(refusalOf(example)).toMatch(detail);
	});

	it.each([
		["id", "Upper"],
		["id", "1st"],
		["id", "a".repeat(65)],
		["id", ""],
		["name", ""],
		["documentation", "https://docs.example.com"],
		["documentation", ["docs.example.com"]],
		["documentation", ["javascript:alert(1)"]],
		["scheme", "jws"],
		["scheme", "hmac"],
		["algorithm", "none"],
		["algorithm", "hs256"],
		["algorithm", "RS256"],
		["algorithm", "EdDSA"],
		["algorithm", "PS384"],
		["algorithm", "ES512"],
		["algorithm", "ES256K"],
		["algorithm", "NONE"],
		["key", {}],
		["key/env", "lower"],
		["key/env", "NEXT_PUBLIC_SECRET"],
		["key/env", "VITE_SECRET"],
		["key/encoding", "pem"],
		["key/encoding", "latin1"],
		["key/minimumBytes", 0],
		["key/minimumBytes", 1.5],
		["key/minimumBytes", 2 ** 60],
		["key/value", "secret"],
		["settings/Tenant", { env: "A", description: "A" }],
		["settings/__proto__x", { env: "A", description: "A" }],
		["settings/keyId/env", undefined],
		["settings/keyId/description", ""],
		["settings/keyId/default", ""],
		["settings/keyId/secret", true],
		["header/typ", "jwt"],
		["header/alg", "HS256"],
		["claims", {}],
		["claims", []],
		["claims/a b", { from: "identity", field: "id" }],
		["claims/", { from: "identity", field: "id" }],
		["claims/x", null],
		["claims/x", { from: "cookie" }],
		["claims/x", { from: "identity" }],
		["claims/x", { from: "identity", field: "password" }],
		["claims/x", { from: "identity", field: "organization" }],
		["claims/x", { from: "identity", field: "id", transform: "uppercase" }],
		["claims/x", { from: "identity", field: "id", fallbackField: "emailVerified" }],
		["claims/x", { from: "identity", field: "id", required: "yes" }],
		["claims/x", { from: "identity", field: "id", requird: true }],
		["claims/x", { from: "identity", field: "id", value: 1 }],
		["claims/x", { from: "setting" }],
		["claims/x", { from: "constant" }],
		["claims/x", { from: "generated", generate: "now" }],
		["claims/x", { from: "role", type: "array" }],
		["claims/x", { from: "role", type: "string", oneOf: [] }],
		["claims/x", { from: "role", type: "string", oneOf: [""] }],
		["claims/x", { from: "role", type: "string", oneOf: "a" }],
		["claims/x", { from: "custom", type: "integer" }],
		["oneOf", [[]]],
		["oneOf", ["email"]],
		["oneOf", {}],
		["additionalClaims", "true"],
		["lifetime", undefined],
		["lifetime/defaultSeconds", 0],
		["lifetime/defaultSeconds", "60"],
		["lifetime/maximumSeconds", undefined],
		["lifetime/minimumSeconds", 1],
		["message", { field: "id" }],
		["secret", "x"],
		["delivery", {}],
		["delivery/settings/Upper", { description: "A" }],
		["delivery/settings/token", { description: "A" }],
		["delivery/settings/appId/description", ""],
		["delivery/settings/appId/env", "A"],
		["delivery/embeds", {}],
		["delivery/embeds/default", undefined],
		["delivery/embeds/default", { anonymous: true }],
		["delivery/embeds/default", { script: { src: "https://cdn.example.com/chat.js" } }],
		["delivery/embeds/a b", { start: [{ on: "window", call: "f" }] }],
		["delivery/embeds/default/script/src", "http://cdn.example.com/chat.js"],
		["delivery/embeds/default/script/src", "javascript:alert(1)"],
		["delivery/embeds/default/script/src", "{token}"],
		["delivery/embeds/default/script/src", "{app id}"],
		["delivery/embeds/default/script/attributes/onload", "alert(1)"],
		["delivery/embeds/default/script/attributes/src", "https://cdn.example.com/other.js"],
		["delivery/embeds/default/script/attributes/nonce", "x"],
		["delivery/embeds/default/script/attributes/x", "{token}"],
		["delivery/embeds/default/script/attributes/x", false],
		["delivery/embeds/default/script/attributes/x", ""],
		["delivery/embeds/default/script/tokenAttribute", "onerror"],
		["delivery/embeds/default/script/integrity", "x"],
		["delivery/embeds/default/deliver", []],
		["delivery/embeds/default/deliver", {}],
		["delivery/embeds/default/deliver/0/on", "__proto__"],
		["delivery/embeds/default/deliver/0/on", "a.b"],
		["delivery/embeds/default/deliver/0/call", "constructor"],
		["delivery/embeds/default/deliver/0/call", undefined],
		["delivery/embeds/default/deliver/0/with", "x"],
		["delivery/embeds/default/deliver/0/with", [{ deep: ["{app-id}"] }]],
		["delivery/embeds/default/deliver/0/this", "x"],
		["delivery/embeds/default/refresh", "true"],
		["delivery/embeds/default/anonymous", 1],
		["delivery/endpoint/method", "PUT"],
		["delivery/endpoint/path", "api"],
		["delivery/endpoint/response", { format: "xml" }],
		["delivery/endpoint/response", { format: "json" }],
		["delivery/endpoint/response", { format: "text", member: "jwt" }],
	] as const)("refuses %s = %j, as defineContract does", (path, value) => {
		const data = withMember(everything, path, value as Json | undefined);
		expect(refusalOf(data)).toBeDefined();
		expect(validate(data)).toBe(false);
	});

	it.each([
		["message", undefined],
		["message/field", "emailVerified"],
		["message/field", undefined],
		["message/text", "x"],
		["algorithm", "HS512"],
		["key/encoding", "pem"],
		["claims", {}],
		["lifetime", { defaultSeconds: 1, maximumSeconds: 1 }],
		["scheme", "jwt"],
	] as const)("refuses %s = %j of the scheme hmac, as defineContract does", (path, value) => {
		const data = withMember(hash, path, value as Json | undefined);
		expect(refusalOf(data)).toBeDefined();
		expect(validate(data)).toBe(false);
	});

	it("agrees with defineContract on any contract with anything changed in it", () => {
		const names = [
			"env",
			"encoding",
			"required",
			"requird",
			"from",
			"field",
			"type",
			"oneOf",
			"value",
			"generate",
			"setting",
			"nameSetting",
			"transform",
			"typ",
			"kid",
			"default",
			"description",
			"message",
			"claims",
			"lifetime",
			"x",
			"",
			"a b",
			"UPPER",
			"constructor",
			"minimumBytes",
			"advisedMaximumSeconds",
		];
		const texts = [
			"",
			"x",
			"A",
			"HS256",
			"HS512",
			"RS256",
			"RS512",
			"PS384",
			"ES256",
			"ES512",
			"utf8",
			"hex",
			"pem",
			"base64-pem",
			"jwt",
			"hmac",
			"identity",
			"role",
			"custom",
			"constant",
			"generated",
			"setting",
			"id",
			"email",
			"emailVerified",
			"organization.id",
			"string",
			"object",
			"json-string",
			"uuid",
			"issuedAt",
			"lowercase",
			"JWT",
			"keyId",
			"tenantId",
			"NEXT_PUBLIC_A",
			"https://a.example",
		];
		const leaf = fc.oneof(fc.constantFrom<Json>(null, true, false, 0, 1, -1, 1.5, 60, 2 ** 53, 1e300), fc.constantFrom(...texts));
		const value: fc.Arbitrary<Json> = fc.oneof(
			{ weight: 4, arbitrary: leaf },
			fc.array(leaf, { maxLength: 2 }) as fc.Arbitrary<Json>,
			fc.dictionary(fc.constantFrom(...names), leaf, { maxKeys: 3 }) as fc.Arbitrary<Json>,
		);
		const change = fc.record({
			at: fc.nat(),
			kind: fc.constantFrom("drop", "rename", "retype", "add"),
			name: fc.constantFrom(...names),
			value,
		});
		const seen = { taken: 0, refused: 0, beyond: new Set<string>() };

		fc.assert(
			fc.property(fc.constantFrom(...contracts), fc.array(change, { minLength: 1, maxLength: 3 }), (contract, changes) => {
				const data = copyOf(contract);
				for (const { at, kind, name, value: to } of changes) {
					const places: { readonly node: Members; readonly key: string }[] = [];
					const visit = (node: Json): void => {
						if (typeof node !== "object" || node === null) return;
						for (const [key, member] of Object.entries(node)) {
							places.push({ node: node as Members, key });
							visit(member);
						}
					};
					visit(data);
					const place = places[at % places.length];
					if (place === undefined) continue;
					const { node, key } = place;
					if (kind === "retype") node[key] = to;
					else if (kind === "add" && !Array.isArray(node)) node[name] = to;
					else if (Array.isArray(node)) node.splice(Number(key), 1);
					else {
						if (kind === "rename") node[name] = node[key] as Json;
						delete node[key];
					}
				}
				const detail = refusalOf(data);
				const isValid = validate(data);
				seen[detail === undefined ? "taken" : "refused"]++;
				if (detail === undefined || !isValid) {
					expect(isValid, `${detail} ${JSON.stringify(validate.errors)} ${JSON.stringify(data)}`).toBe(detail === undefined);
					return;
				}
				const rule = Object.entries(beyondSchema).find(([, { detail: known }]) => known.test(detail))?.[0];
				expect(rule, `the schema takes what defineContract refuses: ${detail} ${JSON.stringify(data)}`).toBeDefined();
				seen.beyond.add(rule as string);
			}),
			{ numRuns: 6000 },
		);
		expect(seen.taken).toBeGreaterThan(100);
		expect(seen.refused).toBeGreaterThan(1000);
		expect(seen.beyond.size).toBeGreaterThan(4);
	});
});

describe("defineContract", () => {
	it.each([[undefined], [null], [true], [7], ["jwt"], [[]], [new Map()], [() => everything], [Symbol("contract")], [1n]])(
		"refuses what is no object: %s",
		(data) => {
			expect(refusalOf(data)).toBeDefined();
		},
	);

	it("refuses what JSON would lose", () => {
		const circular: Record<string, unknown> = { ...everything };
		circular["self"] = circular;
		for (const member of [
			circular,
			{ ...everything, transform: () => "x" },
			{ ...everything, claims: { ...(everything as { claims: object }).claims, x: { from: "constant", value: Number.NaN } } },
			{ ...everything, big: 1n },
		]) {
			expect(refusalOf(member)).toBeDefined();
		}
	});

	it("names the member", () => {
		expect(refusalOf(withMember(everything, "claims/sub/requird", true))).toBe("claims.sub.requird is not a member of the format");
		expect(refusalOf(withMember(everything, "key/env", "NEXT_PUBLIC_A"))).toBe(
			"key.env has a prefix that publishes the variable to browsers",
		);
	});

	it("gives a frozen copy, and leaves the data alone", () => {
		const data = copyOf(everything);
		const contract = defineContract(data);
		expect(contract).not.toBe(data);
		expect(Object.isFrozen(data)).toBe(false);
		const visit = (node: unknown): void => {
			if (typeof node !== "object" || node === null) return;
			expect(Object.isFrozen(node)).toBe(true);
			for (const member of Object.values(node)) visit(member);
		};
		visit(contract);
		expect(defineContract(contract)).toBe(contract);
	});
});

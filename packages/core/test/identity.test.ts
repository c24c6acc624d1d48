import { createMint, type Identity, type IdentityField, identityLimits } from "@widget-token/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ada, claimsOf, codeOf, contractWith, env, now, payloadOf, profile, refusalOf } from "./minting.ts";

const fields = Object.keys(identityLimits) as IdentityField[];
/** Texts that are only shown: these are cleaned. */
const shown: readonly IdentityField[] = ["name", "picture", "locale", "organization.name"];
const cut: readonly IdentityField[] = ["name", "organization.name"];
/** Texts that stand for somebody or something: these are signed as they are, or refused. */
const exact = fields.filter((field) => !shown.includes(field));

const whiteSpace = [..." \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"];
/** Zero-width and soft characters, fillers, bidirectional marks, variation selectors, tags. */
const invisible = [
	..."\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u202e\u2060\u2064\u2066\u206f\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\u{e0001}\u{e0061}\u{e0100}",
];

function identityWith(field: IdentityField, value: unknown): Identity {
	const [outer, inner] = field.split(".") as [keyof Identity, string | undefined];
	return { ...ada, [outer]: inner === undefined ? value : { ...ada.organization, [inner]: value } } as Identity;
}

const claimOf = async (field: IdentityField, value: unknown): Promise<unknown> =>
	(await claimsOf(profile, identityWith(field, value)))[field];
const textOf = (field: IdentityField, text: string): string => (field === "email" ? `${text}@example.com` : text);
/** A valid text of exactly that many UTF-16 code units. */
const textOfLength = (field: IdentityField, length: number): string =>
	(field === "email" ? "a".repeat(length - 12) : "").concat(field === "email" ? "@example.com" : "a".repeat(length));

describe("the text of an identity", () => {
	it("has the documented limits", () => {
		expect(identityLimits).toEqual({
			id: 255,
			email: 254,
			name: 200,
			picture: 2048,
			phoneNumber: 32,
			locale: 35,
			"organization.id": 255,
			"organization.slug": 255,
			"organization.name": 200,
			"organization.role": 255,
		});
		expect(Object.isFrozen(identityLimits)).toBe(true);
	});

	it.each(fields)("sends %s as it is when it is plain", async (field) => {
		expect(await claimOf(field, textOf(field, "plain-1"))).toBe(textOf(field, "plain-1"));
	});

	it.each(shown)("trims %s and composes it to NFC", async (field) => {
		expect(await claimOf(field, " \t\u00a0Zoe\u0308\ufeff\n")).toBe("Zo\u00eb");
	});

	it.each(exact)("signs %s as it is, composed or not", async (field) => {
		for (const text of ["Zo\u00eb", "Zoe\u0308", "\u212aate", "\ufb01", "\u0430da", "\u{1f600}"])
			expect(await claimOf(field, textOf(field, text))).toBe(textOf(field, text));
	});

	it.each(exact)("refuses %s with white space at either end, and an empty one", async (field) => {
		for (const space of whiteSpace) {
			for (const text of [space + textOf(field, "a"), textOf(field, "a") + space, space])
				expect(await codeOf(() => claimOf(field, text)), JSON.stringify(text)).toBe("identity_invalid");
		}
		expect((await refusalOf(() => claimOf(field, ""))).detail).toBe(`${field} is empty`);
	});

	it.each(exact.filter((field) => field !== "email"))("takes white space and joiners within %s", async (field) => {
		for (const text of ["a b", "a\u00a0b", "a\u200bb", "a\u200db", "a\u00adb"]) expect(await claimOf(field, text)).toBe(text);
	});

	it.each(fields)("refuses control characters in %s", async (field) => {
		for (const character of ["\u0000", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\u2028", "\u2029"]) {
			expect(await codeOf(() => claimOf(field, textOf(field, `a${character}b`))), JSON.stringify(character)).toBe("identity_invalid");
		}
	});

	it.each(fields)("refuses marks that reorder the text around %s", async (field) => {
		for (const character of "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			expect(await codeOf(() => claimOf(field, textOf(field, `a${character}b`))), JSON.stringify(character)).toBe("identity_invalid");
		}
	});

	it.each(fields)("refuses half a surrogate pair in %s", async (field) => {
		for (const half of ["\ud83d", "\ude00"])
			expect(await codeOf(() => claimOf(field, textOf(field, `a${half}b`)))).toBe("identity_invalid");
	});

	it.each(fields.filter((field) => !cut.includes(field)))(
		"takes %s up to its limit and refuses one that is longer, for half an identifier is another identifier",
		async (field) => {
			const limit = identityLimits[field];
			expect(await claimOf(field, textOfLength(field, limit))).toBe(textOfLength(field, limit));
			expect(await codeOf(() => claimOf(field, textOfLength(field, limit + 1)))).toBe("identity_invalid");
		},
	);

	it.each(cut)("cuts %s at its limit, with an ellipsis", async (field) => {
		const limit = identityLimits[field];
		expect(await claimOf(field, "a".repeat(limit))).toBe("a".repeat(limit));
		expect(await claimOf(field, "a".repeat(limit + 1))).toBe(`${"a".repeat(limit - 1)}…`);
		const cut = (await claimOf(field, "😀".repeat(limit))) as string;
		expect(cut.isWellFormed()).toBe(true);
		expect(cut.length).toBeLessThanOrEqual(limit);
		expect(cut).toMatch(/^(?:😀)+…$/u);
	});

	it.each(fields.filter((field) => field !== "id"))("leaves %s out when it is missing", async (field) => {
		for (const nothing of [undefined, null]) expect(await claimsOf(profile, identityWith(field, nothing))).not.toHaveProperty([field]);
	});

	it.each(shown)("leaves %s out when it is empty", async (field) => {
		for (const nothing of ["", "  \t"]) expect(await claimsOf(profile, identityWith(field, nothing))).not.toHaveProperty([field]);
	});

	it("may be null in every optional member", async () => {
		const nothing: Identity = {
			id: "u_1",
			provider: "my-app",
			email: null,
			emailVerified: null,
			name: null,
			picture: null,
			phoneNumber: null,
			locale: null,
			roles: null,
			organization: null,
		};
		expect(Object.keys(await claimsOf(profile, nothing))).toEqual(["id", "exp"]);
		const member: Identity = { ...nothing, organization: { id: "org_1", slug: null, name: null, role: null } };
		expect(Object.keys(await claimsOf(profile, member))).toEqual(["id", "organization.id", "exp"]);
	});

	it("refuses an identity whose id is unusable, whether or not the widget asks for it, before any callback", async () => {
		const withoutId = contractWith({ role: { from: "role", type: "string" } });
		const role = (): string => expect.unreachable("the id has not been checked");
		for (const id of ["", " ", " u_1", "u_1\u00a0", "u\u0000", "u\ud800", "u".repeat(256), 1.5, true]) {
			expect(await codeOf(() => claimOf("id", id))).toBe("identity_invalid");
			expect(await codeOf(() => claimsOf(withoutId, { ...ada, id }, { role }))).toBe("identity_invalid");
		}
	});

	it("without an id is a mistake in `identify`, not the user's", async () => {
		for (const id of [undefined, null]) {
			const error = await refusalOf(() => claimOf("id", id));
			expect(error).toMatchObject({ code: "provider_misconfigured", status: 500 });
			expect(error.message).toContain("`id`");
		}
	});

	it("sends identifiers as strings, also where the provider has numbers", async () => {
		expect(await claimOf("id", 42)).toBe("42");
		expect(await claimOf("id", 12_345_678_901_234_567_890n)).toBe("12345678901234567890");
		expect(await claimOf("organization.id", 0)).toBe("0");
	});

	it.each(fields)("refuses what is no text in %s", async (field) => {
		for (const value of [1.5, Number.NaN, 2 ** 53, true, {}, ["a"], Symbol("a"), () => "a", new Date(0)]) {
			expect(await codeOf(() => claimOf(field, value)), String(value)).toBe("identity_invalid");
		}
	});

	it("refuses what is no e-mail address", async () => {
		for (const email of [
			"ada",
			"@example.com",
			"ada@",
			"ada@@example.com",
			"ada@example.com, eve@example.com",
			"ada example@example.com",
			"Ada <ada@example.com>",
		]) {
			expect(await codeOf(() => claimOf("email", email)), email).toBe("identity_invalid");
		}
	});

	it("refuses an address with white space or an invisible character anywhere", async () => {
		for (const character of [...whiteSpace, ...invisible]) {
			for (const email of [
				`a${character}b@example.com`,
				`ab@exam${character}ple.com`,
				`${character}ab@example.com`,
				`ab@example.com${character}`,
			])
				expect(await codeOf(() => claimOf("email", email)), JSON.stringify(email)).toBe("identity_invalid");
		}
	});

	it("keeps names of every script, with emoji, quotes and angle brackets", async () => {
		for (const name of [
			"أدا",
			"עדה",
			"エイダ",
			"Ада",
			"Zoë",
			"O'Ada",
			'Ada "the first"',
			"a\\b",
			"<script>alert(1)</script>",
			"👩‍💻 Ada",
			"𝒜da",
		])
			expect(await claimOf("name", name)).toBe(name);
	});

	it("leaves the caller's identity untouched", async () => {
		const identity = Object.freeze({ ...ada, name: " Ada ", organization: Object.freeze({ id: "org", name: " Org " }) });
		await claimsOf(profile, identity);
		expect(identity).toMatchObject({ name: " Ada ", organization: { id: "org", name: " Org " } });
	});
});

/** Any sequence of UTF-16 code units, biased to the ones that cause trouble. */
const anyText = fc
	.array(
		fc.oneof(
			fc.integer({ min: 0, max: 0xffff }),
			fc.integer({ min: 0x20, max: 0x7e }),
			fc.constantFrom(0x0, 0xa, 0x20, 0x22, 0x5c, 0x308, 0x2028, 0x202e, 0x2066, 0xd83d, 0xde00, 0xfffd),
		),
		{ maxLength: 300 },
	)
	.map((units) => String.fromCharCode(...units));

describe("any text of an identity", () => {
	const mint = createMint(profile, { env, now });
	const forbidden = (text: string): boolean =>
		[...text].some(
			(character) => /\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(character) || /^[\ud800-\udfff]$/.test(character),
		);

	it.each(fields)("is refused, or sent clean where it is shown and as it is elsewhere: %s", async (field) => {
		await fc.assert(
			fc.asyncProperty(anyText, async (text) => {
				const value = textOf(field, text);
				const answer = await mint(identityWith(field, value)).catch((error: unknown) => error);
				if (answer instanceof Error) {
					expect(answer).toMatchObject({ code: "identity_invalid" });
					return;
				}
				const sent = payloadOf((answer as { token: string }).token)[field];
				if (sent === undefined) {
					expect(shown).toContain(field);
					expect(value.trim()).toBe("");
					return;
				}
				const claim = sent as string;
				expect(typeof claim).toBe("string");
				expect(forbidden(claim)).toBe(false);
				expect(claim).toBe(claim.trim());
				expect(claim.length).toBeLessThanOrEqual(identityLimits[field]);
				if (claim.endsWith("…") && cut.includes(field)) return;
				expect(claim).toBe(shown.includes(field) ? value.trim().normalize("NFC") : value);
			}),
			{ numRuns: 200 },
		);
	});

	it.each(fields)("that is plain is never refused: %s", async (field) => {
		const plain = fc.string({
			unit: fc.constantFrom(..."abcXYZ019-_.+"),
			minLength: 1,
			maxLength: Math.min(identityLimits[field], 240) - 12,
		});
		await fc.assert(
			fc.asyncProperty(plain, async (text) => {
				const { token } = await mint(identityWith(field, textOf(field, text)));
				expect(payloadOf(token)[field]).toBe(textOf(field, text));
			}),
			{ numRuns: 100 },
		);
	});

	it("is not in the message of its refusal", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...fields.filter((field) => !cut.includes(field))),
				fc.stringMatching(/^[0-9a-f]{16}$/),
				async (field, marker) => {
					const error = await refusalOf(() => mint(identityWith(field, textOf(field, `${marker}\u0000${"x".repeat(3000)}`))));
					expect(`${error.message} ${error.detail} ${error.remedy} ${String(error.cause)} ${error.stack}`).not.toContain(marker);
					expect(error.detail).toContain(field);
				},
			),
			{ numRuns: 50 },
		);
	});
});

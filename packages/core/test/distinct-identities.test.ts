import { generateKeyPairSync, randomBytes } from "node:crypto";
import {
	type Contract,
	createMint,
	defineContract,
	type Identity,
	type Mint,
	type MintOptions,
	WidgetTokenError,
} from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractWith, env, now, payloadOf } from "./minting.ts";
import { request, serve } from "./serving.ts";

/** What a careless signer trims, composes, folds or does not see; the first row is taken in an address, the others are refused somewhere. */
const folded = [..."aAkKäÄåÅiIßẞſsςσµμéжЖ\u0301\u0308\ufb01\u{1d49c}.|:", "e\u0301"];
const refused = [...'\u212a\u212bİıΣ@ \t\n"\\', ..."\u0000\u00a0\u00ad\u0345\u2028\u202e\u200b\u200d\u2066\ufeff\ufe0f\u{e0061}", "\ud800"];
const unit = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...folded) }, { weight: 1, arbitrary: fc.constantFrom(...refused) });
const text = fc.string({ unit, minLength: 1, maxLength: 4 });

/** Two texts, the second of which is often the first in another spelling. */
const spellings = fc.tuple(text, text, unit, fc.nat(9)).map(([first, other, extra, how]) => {
	const others = [
		other,
		first + extra,
		extra + first,
		first.trim(),
		first.normalize("NFC"),
		first.normalize("NFD"),
		first.normalize("NFKC"),
		first.toLowerCase(),
		first.toUpperCase(),
		first.replace(extra, ""),
	];
	return [first, others[how] as string] as const;
});
const addresses = fc.oneof(
	spellings.map(([a, b]) => [`a${a}b@example.com`, `a${b}b@example.com`] as const),
	spellings.map(([a, b]) => [`ada@a${a}.example`, `ada@a${b}.example`] as const),
);

const identityOf = (id: string, email: string): Identity => ({
	id,
	provider: "my-app",
	email,
	emailVerified: true,
	phoneNumber: id,
	organization: { id, slug: id },
});
const pairs = fc
	.tuple(spellings, addresses)
	.map(([[id, otherId], [email, otherEmail]]) => [identityOf(id, email), identityOf(otherId, otherEmail)] as const);

/** Whether two texts differ in nothing but the case of letters that are each other's only other case. */
function isSameButForCase(a: string, b: string): boolean {
	const [first, second] = [[...a], [...b]];
	const isPair = (x = "", y = ""): boolean => x === y || (x.toLowerCase() === y && y.toUpperCase() === x);
	return first.length === second.length && first.every((x, index) => isPair(x, second[index]) || isPair(second[index], x));
}

interface Signer {
	readonly mint: Mint;
	/** What of the token tells users apart, by claim. */
	read(token: string): Readonly<Record<string, unknown>>;
	/** The claims that are filled from the id or the address. */
	readonly filled: readonly { readonly claim: string; readonly field: "id" | "email"; readonly isLowercase: boolean }[];
}

/** The claims of a contract that its own data fills from the id or the address; every field but the address holds the id here. */
function signerOf(contract: Contract, options: MintOptions = {}, custom: Readonly<Record<string, "id" | "email">> = {}): Signer {
	const mint = createMint(contract, { env, now, ...options });
	const fieldOf = (field: string): "id" | "email" => (field === "email" ? "email" : "id");
	if (contract.scheme === "hmac") {
		const { field, transform } = contract.message;
		return {
			mint,
			read: (token) => ({ hash: token }),
			filled: [{ claim: "hash", field: fieldOf(field), isLowercase: transform !== undefined }],
		};
	}
	const filled = Object.entries(contract.claims).flatMap(([claim, rule]) =>
		rule.from === "identity" && (rule.field !== "name" || rule.fallbackField !== undefined)
			? [{ claim, field: fieldOf(rule.fallbackField ?? rule.field), isLowercase: rule.transform !== undefined }]
			: [],
	);
	const copies = Object.entries(custom).map(([claim, field]) => ({ claim, field, isLowercase: false }));
	return { mint, read: payloadOf, filled: [...filled, ...copies] };
}

const hashOf = (field: "id" | "email", transform?: "lowercase"): Contract =>
	defineContract({
		id: `hash-${field}${transform === undefined ? "" : "-lowercase"}`,
		name: "Hash",
		documentation: [],
		scheme: "hmac",
		algorithm: "HS256",
		key: { env: "HASH_SECRET", encoding: "utf8" },
		message: { field, ...(transform === undefined ? {} : { transform }) },
	});
// Each contract a secret of its own: one for two vendors is refused.
const hashSecret = (): MintOptions => ({ secret: randomBytes(32).toString("hex") });

const profile = contractWith(
	{
		upper_id: { from: "identity", field: "id" },
		lower_id: { from: "identity", field: "id", transform: "lowercase" },
		org: { from: "identity", field: "organization.id" },
		slug: { from: "identity", field: "organization.slug" },
		phone: { from: "identity", field: "phoneNumber" },
		role: { from: "role", type: "string" },
	},
	{ additionalClaims: true },
);

const signers: Readonly<Record<string, Signer>> = {
	onpilot: signerOf(onPilot),
	bestchatbot: signerOf(bestChatBot),
	hilal: signerOf(hilal),
	"jupid, with both in its payload": signerOf(
		jupid,
		{ claims: { payload: ({ id, email }) => ({ both: [id, email ?? null] }) } },
		{ payload: "id" },
	),
	"customgpt, with both in free-form claims": signerOf(
		customGpt,
		{
			secret: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
			role: () => "visitor",
			claims: { upn: ({ id }) => id, preferred_username: ({ email }) => email ?? null },
		},
		{ upn: "id", preferred_username: "email" },
	),
	"every field, with both as attributes and as a role": signerOf(
		profile,
		{ role: ({ id }) => id, claims: ({ id, email }) => ({ my_id: id, my_email: email ?? null }) },
		{ role: "id", my_id: "id", my_email: "email" },
	),
	"a hash of the id": signerOf(hashOf("id"), hashSecret()),
	"a hash of the address": signerOf(hashOf("email"), hashSecret()),
	"a hash of the lower-cased address": signerOf(hashOf("email", "lowercase"), hashSecret()),
};

/** What a widget gets of an identity; undefined when it is refused for its text. */
async function sign({ mint, read }: Signer, identity: Identity): Promise<Readonly<Record<string, unknown>> | undefined> {
	try {
		return read((await mint(identity)).token);
	} catch (error) {
		expect(error).toBeInstanceOf(WidgetTokenError);
		expect(error).toMatchObject({ code: "identity_invalid" });
		return undefined;
	}
}

describe("any two different identities", () => {
	it.each(Object.entries(signers))("differ in every claim that is filled from the id or the address: %s", async (_, signer) => {
		expect(signer.filled.length).toBeGreaterThan(0);
		let compared = 0;
		await fc.assert(
			fc.asyncProperty(pairs, async ([one, other]) => {
				const signed = await sign(signer, one);
				const otherSigned = await sign(signer, other);
				if (signed === undefined || otherSigned === undefined) return;
				for (const { claim, field, isLowercase } of signer.filled) {
					const [a, b] = [one[field] as string, other[field] as string];
					if (a === b || (isLowercase && isSameButForCase(a, b))) continue;
					compared++;
					expect(signed[claim]).not.toBeUndefined();
					expect(JSON.stringify(signed[claim]), claim).not.toBe(JSON.stringify(otherSigned[claim]));
				}
			}),
			{ numRuns: 1500 },
		);
		expect(compared).toBeGreaterThan(100);
	});

	it("are two to the limiter and in the events", async () => {
		let compared = 0;
		const ask = async (identity: Identity): Promise<{ key: string | undefined; subject: string | undefined; status: number }> => {
			const keys: string[] = [];
			const { handler, events } = serve({ identify: () => identity, rateLimiter: { consume: async (key) => void keys.push(key) } });
			const { status } = await handler(request());
			return { key: keys[0], subject: events[0]?.subject, status };
		};
		await fc.assert(
			fc.asyncProperty(pairs, async ([one, other]) => {
				const [asked, otherAsked] = [await ask(one), await ask(other)];
				if (asked.status !== 200 || otherAsked.status !== 200) return;
				if (one.id !== other.id) compared++;
				expect(asked.key === otherAsked.key).toBe(one.id === other.id);
				expect(asked.subject === otherAsked.subject).toBe(one.id === other.id);
			}),
			{ numRuns: 500 },
		);
		expect(compared).toBeGreaterThan(30);
	});
});

import { createHmac, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { createCustomer } from "../src/vendor-accounts.ts";
import { createVendorCheck, type SignedInUser, type VendorVerdict } from "../src/vendor-check.ts";
import { type VendorId, vendorIds, vendorPages } from "../src/vendor-pages.ts";

const { accounts, env } = createCustomer();
const user: SignedInUser = { id: "user_ada", email: "Ada@Example.com", name: "Ada", role: "admin" };
const now = new Date("2026-11-20T10:00:00Z");
const iat = now.getTime() / 1000;

type Claims = Readonly<Record<string, unknown>>;

/** What each page's own sample would sign for the user. */
const samples: Readonly<Record<VendorId, Claims>> = {
	onpilot: {
		iss: accounts.onpilot.tenantId,
		sub: user.id,
		copilot_id: accounts.onpilot.copilotId,
		role: "admin",
		name: "Ada",
		email: user.email,
		iat,
		exp: iat + 3600,
	},
	bestchatbot: { email: "ada@example.com", name: "Ada", user_id: user.id, iat, exp: iat + 3600 },
	hilal: { sub: user.id, name: "Ada", email: user.email, iat, exp: iat + 3600 },
	jupid: {
		iss: accounts.jupid.partnerId,
		aud: "jupid-embed",
		sub: user.id,
		email: user.email,
		name: "Ada",
		payload: { company_name: "Example" },
		iat,
		exp: iat + 300,
		jti: "0b4a9a3e-5a3e-4f5b-9d0e-3c1f6d1f8a11",
	},
	customgpt: { email: user.email, roles: ["Admin"], iat, exp: iat + 600 },
};

const signingKey = (vendor: VendorId): string => (vendor === "customgpt" ? (env["CUSTOMGPT_PRIVATE_KEY"] ?? "") : accounts[vendor].secret);

function sign(vendor: VendorId, claims: Claims, options: jwt.SignOptions = {}, key: string = signingKey(vendor)): string {
	// Undefined takes a claim away.
	const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
	return jwt.sign(JSON.stringify(kept), key, {
		algorithm: vendorPages[vendor].algorithm,
		header: { alg: vendorPages[vendor].algorithm, typ: "JWT" },
		...options,
	});
}

function check(vendor: VendorId, token: string): VendorVerdict {
	return createVendorCheck(accounts).check(vendor, token, user, now);
}

const about = ({ findings }: VendorVerdict): string[] => [...new Set(findings.map((finding) => finding.about))];

describe("the vendor-side check", () => {
	it.each(vendorIds)("takes what the page of %s signs", (vendor) => {
		const verdict = check(vendor, sign(vendor, samples[vendor]));
		expect(verdict.findings).toEqual([]);
		expect(verdict.claims).toEqual(samples[vendor]);
		expect(verdict.header).toEqual({ alg: vendorPages[vendor].algorithm, typ: "JWT" });
	});

	it.each<[VendorId, string, Claims]>([
		["onpilot", "an omitted role", { role: undefined }],
		["bestchatbot", "an omitted user_id", { user_id: undefined }],
		["jupid", "an omitted payload", { payload: undefined }],
		["customgpt", "roles as one comma-separated string", { roles: "admin" }],
		["customgpt", "upn in the place of email", { email: undefined, upn: user.email }],
		["customgpt", "preferred_username in the place of email", { email: undefined, preferred_username: user.email }],
	])("%s: takes %s, which the page allows", (vendor, _name, changes) => {
		expect(check(vendor, sign(vendor, { ...samples[vendor], ...changes })).findings).toEqual([]);
	});

	it.each<[VendorId, string, Claims]>([
		["onpilot", "iss", { iss: "another-tenant" }],
		["onpilot", "iss", { iss: undefined }],
		["onpilot", "copilot_id", { copilot_id: undefined }],
		["onpilot", "copilot_id", { copilot_id: "another-copilot" }],
		["onpilot", "sub", { sub: undefined }],
		["onpilot", "sub", { sub: "user_grace" }],
		["onpilot", "role", { role: "owner" }],
		["onpilot", "role", { role: "user" }],
		["onpilot", "role", { role: ["admin"] }],
		["onpilot", "name", { name: "Grace" }],
		["onpilot", "email", { email: "grace@example.com" }],
		["bestchatbot", "email", { email: "Ada@Example.com" }],
		["bestchatbot", "email", { email: undefined }],
		["bestchatbot", "email", { email: "grace@example.com" }],
		["bestchatbot", "name", { name: "ada@example.com" }],
		["bestchatbot", "user_id", { user_id: 1815 }],
		["bestchatbot", "user_id", { user_id: "user_grace" }],
		["hilal", "sub", { sub: undefined }],
		["hilal", "sub", { sub: 1815 }],
		["hilal", "name", { name: undefined }],
		["hilal", "email", { email: "grace@example.com" }],
		["jupid", "iss", { iss: accounts.onpilot.tenantId }],
		["jupid", "aud", { aud: undefined }],
		["jupid", "aud", { aud: "jupid" }],
		["jupid", "sub", { sub: "" }],
		["jupid", "jti", { jti: undefined }],
		["jupid", "jti", { jti: "1" }],
		["jupid", "payload", { payload: "Example" }],
		["jupid", "payload", { payload: ["Example"] }],
		["jupid", "payload", { payload: null }],
		["customgpt", "roles", { roles: undefined }],
		["customgpt", "roles", { roles: [] }],
		["customgpt", "roles", { roles: "" }],
		["customgpt", "roles", { roles: [7] }],
		["customgpt", "roles", { roles: ["Accounting Team"] }],
		["customgpt", "roles", { roles: ["User"] }],
		["customgpt", "roles", { roles: "admin,user" }],
		["customgpt", "email", { email: undefined }],
		["customgpt", "email", { email: 7, upn: user.email }],
		["customgpt", "upn", { email: undefined, upn: "grace@example.com", preferred_username: user.email }],
	])("%s: finds fault with %s in %o", (vendor, claim, changes) => {
		const verdict = check(vendor, sign(vendor, { ...samples[vendor], ...changes }));
		expect(about(verdict)).toEqual([claim]);
	});

	describe.each(vendorIds)("for %s", (vendor) => {
		const sample = samples[vendor];
		const { longestLifetimeSeconds } = vendorPages[vendor];

		it.each<[string, string, Claims]>([
			["a lifetime that is a second too long", "exp", { exp: iat + longestLifetimeSeconds + 1 }],
			["no expiry", "exp", { exp: undefined }],
			["an expiry of a fraction of a second", "exp", { exp: iat + 60.5 }],
			["an expiry in milliseconds", "exp", { exp: (iat + 60) * 1000 }],
			["no time of issue", "iat", { iat: undefined }],
			["a time of issue of two minutes ago", "iat", { iat: iat - 120, exp: iat + 60 }],
			["a time of issue that is to come", "iat", { iat: iat + 60, exp: iat + 120 }],
			["a claim that the page does not name", "internal_note", { internal_note: "none of the vendor's business" }],
		])("it finds fault with %s", (_name, claim, changes) => {
			expect(about(check(vendor, sign(vendor, { ...sample, ...changes })))).toEqual([claim]);
		});

		const nothing = { header: null, claims: null };

		it("no claim counts after the expiry", () => {
			expect(check(vendor, sign(vendor, { ...sample, iat: iat - 60, exp: iat }))).toMatchObject({
				...nothing,
				findings: [{ about: "token", got: "jwt expired" }],
			});
		});

		it("no claim counts of a token that another key has signed", () => {
			const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
			const token = sign(vendor, sample, {}, vendor === "customgpt" ? other : "another key of the customer's, as long as the right one");
			expect(check(vendor, token)).toMatchObject({ ...nothing, findings: [{ got: "invalid signature" }] });
		});

		it("no claim counts of a token that was changed after it was signed", () => {
			const [header = "", , signature = ""] = sign(vendor, sample).split(".");
			const payload = Buffer.from(JSON.stringify({ ...sample, email: "grace@example.com" })).toString("base64url");
			expect(check(vendor, `${header}.${payload}.${signature}`)).toMatchObject({ ...nothing, findings: [{ got: "invalid signature" }] });
		});

		it("no claim counts of a token under another algorithm", () => {
			const unsigned = jwt.sign(sample, "", { algorithm: "none" });
			expect(check(vendor, unsigned)).toMatchObject({ ...nothing, findings: [{ about: "token" }] });
			const token = vendor === "customgpt" ? hmacWithThePublicKey(sample) : jwt.sign(sample, signingKey(vendor), { algorithm: "HS384" });
			expect(check(vendor, token)).toMatchObject({ ...nothing, findings: [{ got: "invalid algorithm" }] });
		});

		it("no claim counts of what is no token", () => {
			expect(check(vendor, "token")).toMatchObject({ ...nothing, findings: [{ got: "jwt malformed" }] });
			expect(check(vendor, "")).toMatchObject({ ...nothing, findings: [{ about: "token" }] });
		});

		it("the header names the type", () => {
			const token = sign(vendor, sample, { header: { alg: vendorPages[vendor].algorithm, typ: undefined as unknown as string } });
			expect(about(check(vendor, token))).toEqual(["header typ"]);
		});
	});

	it("takes a token of Jupid once", () => {
		const vendors = createVendorCheck(accounts);
		const token = sign("jupid", samples.jupid);
		expect(vendors.check("jupid", token, user, now).findings).toEqual([]);
		expect(vendors.check("jupid", token, user, now).findings).toMatchObject([
			{ about: "jti", expected: "an id that no earlier token had" },
		]);
		const another = sign("jupid", { ...samples.jupid, jti: "0b4a9a3e-5a3e-4f5b-9d0e-3c1f6d1f8a12" });
		expect(vendors.check("jupid", another, user, now).findings).toEqual([]);
	});

	it("takes no role of OnPilot's but admin and user, whatever the user's role is called", () => {
		const token = sign("onpilot", { ...samples.onpilot, role: "owner" });
		const { findings } = createVendorCheck(accounts).check("onpilot", token, { ...user, role: "owner" }, now);
		expect(findings).toMatchObject([{ about: "role", expected: `"admin" or "user"` }]);
	});

	it.each([[[]], [""], [7], [["Admin", 7]], [{ role: "Admin" }]])("says how CustomGPT.ai wants the roles that came as %j", (roles) => {
		const [finding] = check("customgpt", sign("customgpt", { ...samples.customgpt, roles })).findings;
		expect(finding).toEqual({
			about: "roles",
			expected: "role names as an array, or as one comma-separated string",
			got: JSON.stringify(roles),
		});
	});

	it("uses Hilal's secret as text, though it looks like hexadecimal digits", () => {
		const decoded = jwt.sign(samples.hilal, Buffer.from(accounts.hilal.secret, "hex"));
		expect(check("hilal", decoded).findings).toMatchObject([{ got: "invalid signature" }]);
	});

	it("looks for CustomGPT.ai's roles under the name that the customer chose", () => {
		const renamed = createVendorCheck({ ...accounts, customgpt: { ...accounts.customgpt, attributeName: "groups" } });
		const { roles, ...rest } = samples.customgpt;
		expect(renamed.check("customgpt", sign("customgpt", { ...rest, groups: roles }), user, now).findings).toEqual([]);
		expect(about(renamed.check("customgpt", sign("customgpt", samples.customgpt), user, now))).toEqual(["groups", "roles"]);
	});

	it("shares no code with what mints the tokens", () => {
		const imports = ["vendor-check", "vendor-pages"].flatMap((name) => {
			const source = readFileSync(new URL(`../src/${name}.ts`, import.meta.url), "utf8");
			return [...source.matchAll(/\bfrom "([^"]+)"|\bimport\(/g)].map(([whole, specifier]) => specifier ?? whole);
		});
		expect(imports).toEqual(["jsonwebtoken", "./vendor-pages.ts"]);
	});
});

// jsonwebtoken does not sign such a token; an attacker's tool does.
function hmacWithThePublicKey(claims: Claims): string {
	const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
	const input = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
	return `${input}.${createHmac("sha256", accounts.customgpt.publicKey).update(input).digest("base64url")}`;
}

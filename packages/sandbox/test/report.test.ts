import { customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import jwt from "jsonwebtoken";
import { expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../src/index.ts";
import { ada, askVendor, fetchTrialToken, getPage, mintFor } from "./tokens.ts";

interface Report {
	readonly verified: boolean;
	readonly visitor?: string;
	readonly refusal?: { readonly code: string; readonly claim?: string; readonly remedy: string };
	readonly findings: readonly { readonly name: string; readonly verdict: string; readonly note?: string; readonly value?: unknown }[];
	readonly payload: Readonly<Record<string, unknown>> | null;
	readonly lifetimeSeconds?: number;
}

async function reportOf(sandbox: Sandbox, widget: string, token: string): Promise<Report> {
	const answer = await askVendor(sandbox, widget, token);
	const response = await sandbox.fetch(
		new Request(`http://127.0.0.1:4600/api/verifications/${answer.headers.get("sandbox-verification")}`),
	);
	return (await response.json()) as Report;
}

const verdicts = ({ findings }: Report): Record<string, string> => Object.fromEntries(findings.map(({ name, verdict }) => [name, verdict]));

test("holds each claim against the contract", async () => {
	const sandbox = createSandbox({ env: {} });
	const report = await reportOf(sandbox, "jupid", await mintFor(sandbox, jupid));
	expect(report).toMatchObject({ verified: true, visitor: "Ada", lifetimeSeconds: 300 });
	const { payload, ...others } = verdicts(report);
	expect(payload).toBe("absent");
	expect(Object.keys(others)).toEqual(["iss", "aud", "sub", "email", "name", "iat", "exp", "jti"]);
	expect(new Set(Object.values(others))).toEqual(new Set(["ok"]));
});

test("judges the claims also of a token with a wrong signature, and names the visitor of a verified one only", async () => {
	const sandbox = createSandbox({ env: {} });
	const report = await reportOf(sandbox, "hilal", await mintFor(createSandbox({ env: {} }), hilal));
	expect(report.refusal).toMatchObject({ code: "signature_invalid" });
	expect(verdicts(report)).toMatchObject({ sub: "ok", exp: "ok" });
	expect(report.visitor).toBeUndefined();
});

test.each([
	["milliseconds", "exp", "wrong", "exp_in_milliseconds"],
	["expired", "exp", "wrong", "expired"],
	["too-long", "exp", "wrong", "lifetime_too_long"],
	["incomplete", "iss", "missing", "claim_missing"],
])("the mistake %s is found in %s", async (flaw, claim, verdict, code) => {
	const sandbox = createSandbox({ env: {} });
	const report = await reportOf(sandbox, "onpilot", await fetchTrialToken(sandbox, "onpilot", { token: flaw }));
	expect(report.refusal).toMatchObject({ code });
	expect(verdicts(report)[claim]).toBe(verdict);
	expect(Object.entries(verdicts(report)).filter(([name, found]) => name !== claim && (found === "wrong" || found === "missing"))).toEqual(
		[],
	);
});

test("names all mistakes of a token at once, each with what is wrong", async () => {
	const sandbox = createSandbox({ env: {} });
	const seconds = Math.floor(Date.now() / 1000);
	const payload = { iss: "another", sub: 42, iat: seconds, exp: seconds * 1000, nbf: seconds + 600 };
	const token = jwt.sign(payload, sandbox.env.JUPID_EMBED_SECRET as string);
	const { findings, refusal } = await reportOf(sandbox, "jupid", token);
	expect(refusal).toMatchObject({ code: "exp_in_milliseconds" });
	expect(Object.fromEntries(findings.map(({ name, verdict, note }) => [name, note ?? verdict]))).toMatchObject({
		iss: "The token is from another issuer",
		aud: "missing",
		sub: "A claim has the wrong type or form",
		exp: "`exp` is in milliseconds",
		jti: "missing",
		nbf: "The token is not valid yet",
		iat: "ok",
	});
});

test("an unknown role is found next to another mistake", async () => {
	const sandbox = createSandbox({ env: {}, knownRoles: { customgpt: ["Support Team"] } });
	const expired = { role: () => "Accounting Team", now: () => Date.now() - 3_600_000 };
	const report = await reportOf(sandbox, "customgpt", await mintFor(sandbox, customGpt, ada, expired));
	expect(report.refusal).toMatchObject({ code: "expired", claim: "exp" });
	expect(report.findings.find(({ name }) => name === "roles")).toMatchObject({ verdict: "wrong", note: "The role is not known" });
});

test("an expiry that is later than the vendor advises is said of a token that verifies", async () => {
	const sandbox = createSandbox({ env: {} });
	const noteOn = async (lifetimeSeconds: number): Promise<string | undefined> => {
		const report = await reportOf(sandbox, "hilal", await mintFor(sandbox, hilal, ada, { lifetimeSeconds }));
		expect(report.verified).toBe(true);
		return report.findings.find(({ name }) => name === "exp")?.note;
	};
	expect(await noteOn(3600)).toBeUndefined();
	expect(await noteOn(3601)).toBe("Is later than the vendor advises");
});

test("a claim that is not in the contract is shown as ignored, a role outside it as wrong", async () => {
	const sandbox = createSandbox({ env: {} });
	const { createMint, defineContract } = await import("@widget-token/core");
	const lenient = defineContract({
		...onPilot,
		claims: {
			...(onPilot as { claims: object }).claims,
			role: { from: "role", type: "string" },
			colour: { from: "constant", value: "red" },
		},
	});
	const { token } = await createMint(lenient, { env: sandbox.env, role: () => "owner" })(ada);
	const report = await reportOf(sandbox, "onpilot", token);
	expect(verdicts(report)).toMatchObject({ role: "wrong", colour: "extra" });
	expect(report.refusal).toMatchObject({ code: "role_unknown", claim: "role" });
});

test("no token is kept: neither reports nor pages hold one", async () => {
	const sandbox = createSandbox({ env: {} });
	const token = await mintFor(sandbox, hilal);
	const signature = token.split(".")[2] as string;
	expect(JSON.stringify(await reportOf(sandbox, "hilal", token))).not.toContain(signature);
	expect(await getPage(sandbox, "/")).not.toContain(signature);
});

test("keeps as many verifications as it is told", async () => {
	const sandbox = createSandbox({ env: {}, keptVerifications: 2 });
	const first = await askVendor(sandbox, "hilal", await mintFor(sandbox, hilal));
	for (let count = 0; count < 2; count += 1) await askVendor(sandbox, "hilal", await mintFor(sandbox, hilal));
	const gone = await sandbox.fetch(new Request(`http://127.0.0.1:4600/api/verifications/${first.headers.get("sandbox-verification")}`));
	expect(gone.status).toBe(404);
	expect((await getPage(sandbox, "/")).match(/class="verification"/g)).toHaveLength(2);
});

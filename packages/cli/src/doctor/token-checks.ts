import type { Contract, JwtContract } from "@widget-token/core";
import { createVerify, type VerifyResult, verificationCodes } from "@widget-token/core/verify";
import { findClaims } from "../claim-findings.ts";
import { describeSeconds } from "../contract-description.ts";
import { printable } from "../terminal.ts";
import { type JsonObject, readTokenText } from "../token-text.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import type { Served } from "./user-checks.ts";
import type { Visit } from "./visit.ts";

/** Holds a user's token to the contract of its widget. */
export async function checkToken(visit: Visit, { visitor, answer }: Served): Promise<readonly Diagnosis[]> {
	const { contract } = visit;
	const where = `the token of ${visitor.about}`;
	const { payload } = readTokenText(answer.token);
	if (contract === undefined) return payload === undefined ? [] : checkExpiresIn(payload, answer.json, where);
	if (contract.scheme === "hmac") return [judgeHash(contract, answer.token, where)];
	if (payload === undefined) {
		return [
			failed("token-verifies", {
				where,
				got: "a text that is not a JWT",
				remedy: "Answer the token itself: header, payload and signature with a dot between them.",
			}),
		];
	}
	const verified = await verify(visit, contract, answer.token, where);
	return [
		...verified,
		...checkClaims(visit, contract, payload, where),
		...checkLifetime(contract, payload, where),
		...checkExpiresIn(payload, answer.json, where),
	];
}

function judgeHash({ name }: Contract, token: string, where: string): Diagnosis {
	if (/^[0-9a-f]{64}$/.test(token)) return passed("token-verifies", where);
	return failed("token-verifies", {
		where,
		got: "a text that is not a SHA-256 in hexadecimal",
		remedy: `Answer the HMAC that ${name} asks for, in 64 lowercase hexadecimal digits.`,
	});
}

async function verify(
	{ key, env, settings, skip }: Visit,
	contract: JwtContract,
	token: string,
	where: string,
): Promise<readonly Diagnosis[]> {
	if (key === undefined) {
		skip(`The signature: ${contract.key.env} is not in this environment.`);
		const alg = readTokenText(token).header?.alg;
		if (alg === contract.algorithm) return [];
		return [
			failed("token-verifies", {
				where,
				expected: `a token that is signed with ${contract.algorithm}`,
				got: "another algorithm",
				remedy: `Sign with ${contract.algorithm}; ${contract.name} takes no other.`,
			}),
		];
	}
	// A setting that is not known here cannot make a token wrong.
	const known = Object.fromEntries(Object.keys(contract.settings ?? {}).map((name) => [name, settings[name] ?? name]));
	let result: VerifyResult;
	try {
		result = await createVerify(contract, { secret: key.secret, env, settings: known, onEvent: () => undefined })(token);
	} catch {
		skip(`The signature: the key ${key.from} cannot be used, see the findings of the project.`);
		return [];
	}
	// A claim has a check of its own, which finds all that are wrong.
	if (result.verified || result.claim !== undefined) return [passed("token-verifies", where)];
	const { title, remedy } = verificationCodes[result.code];
	return [
		failed("token-verifies", { where, expected: `a token that verifies with ${key.from}`, got: `${title} (${result.code})`, remedy }),
	];
}

const lifetimeCodes = new Set(["lifetime_too_long", "exp_in_milliseconds", "expired"]);

function checkClaims({ settings }: Visit, contract: JwtContract, payload: JsonObject, where: string): readonly Diagnosis[] {
	const diagnoses: Diagnosis[] = [];
	const findings = findClaims(contract, payload, { settings });
	for (const { name, verdict, code, expected, title, remedy = "" } of findings) {
		if (verdict !== "missing" && verdict !== "wrong") continue;
		const check = lifetimeCodes.has(code ?? "") ? "token-lifetime" : "token-claims";
		diagnoses.push(failed(check, { where: `${printable(name)} in ${where}`, expected, got: `${title} (${code})`, remedy }));
	}
	diagnoses.push(passed("token-claims", where));
	const extra = findings.filter(({ verdict }) => verdict === "extra").map(({ name }) => printable(name.slice(0, 40)));
	if (extra.length === 0 || contract.additionalClaims === true) return [...diagnoses, passed("extra-claims", where)];
	const shown = extra.slice(0, 8).join(", ");
	return [
		...diagnoses,
		doubtful("extra-claims", {
			where,
			got: extra.length > 8 ? `${shown} and ${extra.length - 8} more` : shown,
			remedy: `Send only what ${contract.name} documents: whoever holds the token can read all of it.`,
		}),
	];
}

function checkLifetime({ name, lifetime, claims }: JwtContract, payload: JsonObject, where: string): readonly Diagnosis[] {
	const { advisedMaximumSeconds = lifetime.maximumSeconds } = lifetime;
	const nameOf = (kind: string): string | undefined =>
		Object.entries(claims).find(([, rule]) => rule.from === "generated" && rule.generate === kind)?.[0];
	const expiry = payload[nameOf("expirationTime") ?? "exp"];
	const issue = payload[nameOf("issuedAt") ?? "iat"] ?? Math.floor(Date.now() / 1000);
	if (typeof expiry !== "number" || typeof issue !== "number") return [];
	const seconds = expiry - issue;
	if (seconds <= advisedMaximumSeconds || seconds > lifetime.maximumSeconds) return [passed("token-lifetime", where)];
	return [
		doubtful("token-lifetime", {
			where,
			expected: `at most ${describeSeconds(advisedMaximumSeconds)}, as ${name} advises`,
			got: describeSeconds(Math.floor(seconds)),
			remedy: `Set ${describeSeconds(lifetime.defaultSeconds)}: whoever gets hold of the token is this user until it ends.`,
		}),
	];
}

const tolerance = 5;

// The client refreshes by it: too large, and the widget gets a token that is over; none, and there is no refresh at all.
function checkExpiresIn(payload: JsonObject, json: Readonly<Record<string, unknown>> | undefined, where: string): readonly Diagnosis[] {
	if (json === undefined || typeof payload.exp !== "number") return [];
	const left = payload.exp - Date.now() / 1000;
	const { expiresIn } = json;
	const remedy = "Send expiresIn next to the token, in whole seconds from now to its exp.";
	if (typeof expiresIn !== "number") return [doubtful("expires-in", { where, got: "no expiresIn", remedy })];
	if (expiresIn > left + tolerance) return [failed("expires-in", { where, got: "more seconds than the token has left", remedy })];
	return [expiresIn > 0 ? passed("expires-in", where) : failed("expires-in", { where, got: "no time at all", remedy })];
}

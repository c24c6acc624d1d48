import type { Contract, JwtContract } from "@widget-token/core";
import { describeKey, describeMessage, describeRule, describeSeconds } from "../contract-description.ts";
import { printable } from "../terminal.ts";

/** The contract in words that leave nothing open, as lines. */
export function contractLines(contract: Contract): string[] {
	const { key, settings = {} } = contract;
	const settingLines = Object.entries(settings).map(
		([name, rule]) =>
			`- Setting \`${name}\`: environment variable ${rule.env}${rule.default === undefined ? "" : `, default ${JSON.stringify(rule.default)}`}. ${rule.description}.`,
	);
	const keyLine = `- Key: environment variable ${key.env}; ${describeKey(contract)}. Fail when it is missing or shorter.`;
	if (contract.scheme === "hmac") {
		return [
			`- The proof is HMAC-SHA256 over ${describeMessage(contract.message)}, as lowercase hexadecimal digits. It is no JWT, and it never expires.`,
			keyLine,
			...settingLines,
		].map(oneLine);
	}
	const groups = (contract.oneOf ?? []).map((group) => `- At least one of these claims has to be there: ${group.join(", ")}.`);
	return [
		`- The token is a JWT, signed with ${contract.algorithm} and nothing else${headerText(contract)}.`,
		keyLine,
		...settingLines,
		"- Claims:",
		...Object.entries(contract.claims).map(([claim, rule]) => {
			const name =
				rule.nameSetting === undefined ? `\`${claim}\`` : `the claim that the setting \`${rule.nameSetting}\` names (\`${claim}\`)`;
			return `  - ${name}, ${rule.required === true ? "REQUIRED" : "optional"}: ${describeRule(rule, contract)}.`;
		}),
		...groups,
		contract.additionalClaims === true
			? "- The vendor takes further claims as attributes; none may replace one of these."
			: "- No other claim.",
		lifetimeLine(contract),
	].map(oneLine);
}

function headerText({ header }: JwtContract): string {
	const kid = header?.kid === undefined ? "" : `, and \`kid\` with the setting \`${header.kid}\``;
	return `; header \`typ: "JWT"\`${kid}`;
}

function lifetimeLine({ lifetime, claims }: JwtContract): string {
	const { defaultSeconds, advisedMaximumSeconds, maximumSeconds } = lifetime;
	const expiry = Object.entries(claims).find(([, rule]) => rule.from === "generated" && rule.generate === "expirationTime")?.[0] ?? "exp";
	const advised = advisedMaximumSeconds === undefined ? "" : ` The vendor advises ${describeSeconds(advisedMaximumSeconds)} at most.`;
	return `- Lifetime: \`${expiry}\` is ${defaultSeconds} s (${describeSeconds(defaultSeconds)}) from now, in whole seconds.${advised} Never more than ${describeSeconds(maximumSeconds)}.`;
}

// A contract may be anybody's JSON: none of its text may begin a line of instructions of its own.
function oneLine(line: string): string {
	const [lead = ""] = /^ */.exec(line) ?? [];
	return lead + printable(line.replace(/\s+/g, " ").trim());
}

import type { Contract, Delivery, DeliveryEmbed, JsonValue, JwtContract } from "./contract.ts";
import { readReference } from "./reference.ts";

/** The member of a contract that is wrong, and what is wrong with it. */
export interface ContractMistake {
	readonly path: string;
	readonly problem: string;
}

/** Finds the first mistake that the schema of the format cannot express: names that lead nowhere, and numbers that contradict each other. */
export function findMistake(contract: Contract): ContractMistake | undefined {
	const settings = Object.keys(contract.settings ?? {});
	for (const mistake of [
		...contract.documentation.map((page, index) => mistakeUnless(URL.canParse(page), `documentation.${index}`, "is not a URL")),
		...(contract.delivery === undefined ? [] : deliveryMistakes(contract.delivery)),
		...(contract.scheme === "jwt" ? jwtMistakes(contract, settings) : []),
	])
		if (mistake !== undefined) return mistake;
	return undefined;
}

type Findings = readonly (ContractMistake | undefined)[];

function mistakeUnless(isRight: boolean, path: string, problem: string): ContractMistake | undefined {
	return isRight ? undefined : { path, problem };
}

function named(name: string | undefined, path: string, known: readonly string[]): ContractMistake | undefined {
	return mistakeUnless(name === undefined || known.includes(name), path, `is not one of: ${known.join(", ") || "(none defined)"}`);
}

function jwtMistakes({ header, claims, oneOf = [], lifetime }: JwtContract, settings: readonly string[]): Findings {
	const rules = Object.entries(claims);
	const expirations = rules.filter(([, rule]) => rule.from === "generated" && rule.generate === "expirationTime");
	const { defaultSeconds, advisedMaximumSeconds = 0, maximumSeconds } = lifetime;
	return [
		named(header?.kid, "header.kid", settings),
		...rules.flatMap(([claim, rule]) => [
			named(rule.nameSetting, `claims.${claim}.nameSetting`, settings),
			named(rule.from === "setting" ? rule.setting : undefined, `claims.${claim}.setting`, settings),
		]),
		mistakeUnless(expirations.length === 1, "claims", "needs exactly one claim that is generated as expirationTime"),
		...oneOf.flatMap((group, index) => group.map((claim) => named(claim, `oneOf.${index}`, Object.keys(claims)))),
		mistakeUnless(defaultSeconds <= maximumSeconds, "lifetime.defaultSeconds", "is above maximumSeconds"),
		mistakeUnless(advisedMaximumSeconds <= maximumSeconds, "lifetime.advisedMaximumSeconds", "is above maximumSeconds"),
	];
}

const given = ["token", "resolver", "callback"];

function deliveryMistakes({ settings = {}, embeds }: Delivery): Findings {
	const known = Object.keys(settings);
	return Object.entries(embeds).flatMap(([name, embed]) => embedMistakes(embed, `delivery.embeds.${name}`, known));
}

function embedMistakes(
	{ script, start = [], deliver = [], clear = [] }: DeliveryEmbed,
	path: string,
	settings: readonly string[],
): Findings {
	const inScript = { src: script?.src ?? "", ...script?.attributes };
	return [
		...Object.entries(inScript).flatMap(([name, value]) =>
			referenceMistakes(value, `${path}.script.${name === "src" ? name : `attributes.${name}`}`, settings),
		),
		...Object.entries({ start, deliver, clear }).flatMap(([step, calls]) =>
			calls.flatMap((call, index) => referenceMistakes(call.with ?? [], `${path}.${step}.${index}.with`, [...given, ...settings])),
		),
	];
}

function referenceMistakes(value: JsonValue, path: string, known: readonly string[]): Findings {
	if (typeof value === "object" && value !== null)
		return Object.values(value).flatMap((member: JsonValue) => referenceMistakes(member, path, known));
	if (typeof value !== "string" || !value.startsWith("{")) return [];
	const name = readReference(value)?.name;
	if (name === undefined) return [{ path, problem: "holds a text that begins with { and is not a reference" }];
	return [mistakeUnless(known.includes(name), path, `refers to ${name}, which is not one of: ${known.join(", ") || "(none defined)"}`)];
}

import type { Contract } from "@widget-token/core";
import type { Command } from "commander";
import {
	addWidgetArgument,
	createCommand,
	formatColumns,
	type Paint,
	printable,
	resolveContract,
	run,
	usageError,
	type WidgetOptions,
} from "../command.ts";
import { describeKey, describeMessage, describeRule, describeSeconds } from "../contract-description.ts";

export function createShowCommand(): Command {
	const command = createCommand({
		name: "show",
		description:
			"Shows what a widget asks for in its token: key, settings, claims and lifetime. With --json it is the contract itself, to start one of your own from.",
		examples: [
			["widget-token show hilal", "what Hilal Chatbot asks for"],
			["widget-token show hilal --json > my-widget.json", "a contract to start from"],
			["widget-token show --contract ./my-widget.json", "check and read a contract of your own"],
		],
	});
	return addWidgetArgument(command).action(
		run<WidgetOptions>(async ({ args, options, cwd, paint }) => {
			const { contract, rest } = await resolveContract(args, options, cwd);
			if (rest.length > 0) throw usageError("There is an argument too many", "Name one widget.");
			return { data: contract, text: () => describeContract(contract, paint) };
		}),
	);
}

function describeContract(contract: Contract, paint: Paint): string {
	const { id, name, key, settings = {}, documentation } = contract;
	const title = `${paint.bold(name)} ${paint.dim(`(${id})`)}`;
	const rows = [
		["Token", describeToken(contract)],
		["Key", `${key.env}\n${describeKey(contract)}`],
		...(contract.scheme === "jwt" ? [["Lifetime", describeLifetime(contract.lifetime)]] : []),
	];
	const facts = formatColumns(rows.map(([label = "", text = ""]) => [paint.bold(label), text]));
	const settingRows = Object.entries(settings).map(([setting, rule]) => [
		paint.bold(setting),
		`${rule.env}${rule.default === undefined ? "" : ` (default: ${printable(rule.default)})`}\n${rule.description}`,
	]);
	return [
		title,
		"",
		facts,
		...(settingRows.length === 0 ? [] : ["", paint.bold("Settings"), formatColumns(settingRows)]),
		...describeClaims(contract, paint),
		...(documentation.length === 0 ? [] : ["", paint.bold("Documentation"), ...documentation.map((page) => `  ${paint.accent(page)}`)]),
	].join("\n");
}

function describeToken(contract: Contract): string {
	if (contract.scheme === "hmac")
		return `a hash (${contract.algorithm}, hexadecimal) of ${describeMessage(contract.message)}; it never expires`;
	const { typ, kid } = contract.header ?? {};
	const header = [typ === undefined ? "" : `typ ${typ}`, kid === undefined ? "" : `kid from the setting ${kid}`].filter(
		(part) => part !== "",
	);
	return [`JWT, ${contract.algorithm}`, ...header].join(", ");
}

function describeLifetime({
	defaultSeconds,
	advisedMaximumSeconds,
	maximumSeconds,
}: Extract<Contract, { scheme: "jwt" }>["lifetime"]): string {
	const advised = advisedMaximumSeconds === undefined ? "" : `the vendor advises ${describeSeconds(advisedMaximumSeconds)} at most; `;
	return `${describeSeconds(defaultSeconds)} (${advised}more than ${describeSeconds(maximumSeconds)} is an error)`;
}

function describeClaims(contract: Contract, paint: Paint): string[] {
	if (contract.scheme === "hmac") return [];
	const rows = Object.entries(contract.claims).map(([claim, rule]) => {
		const named = rule.nameSetting === undefined ? "" : `; its name is the setting ${rule.nameSetting}`;
		return [paint.bold(claim), rule.required === true ? "required" : paint.dim("optional"), describeRule(rule, contract) + named];
	});
	const groups = (contract.oneOf ?? []).map((group) => `  One of these must be there: ${group.join(", ")}`);
	const more = contract.additionalClaims === true ? ["  Any further claim is taken as an attribute."] : [];
	return ["", paint.bold("Claims"), formatColumns(rows), ...groups, ...more];
}

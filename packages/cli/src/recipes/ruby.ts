import type { Contract } from "@widget-token/core";
import { rubyLiteral as literal } from "./literals.ts";
import { pascalCase, snakeCase, wordsOf } from "./naming.ts";
import { environmentNotes, sharedNotes } from "./notes.ts";
import {
	groupRefusal,
	type PlannedClaim,
	type PlannedInput,
	type PlannedSetting,
	type PlannedValue,
	planRecipe,
	type RecipePlan,
	usesEmail,
	usesRequired,
	usesText,
} from "./plan.ts";
import type { Recipe } from "./recipe.ts";
import { comment, indent, joinLines, type Lines } from "./source.ts";

/** Ruby ≥ 3.0 with the gem `jwt`. */
export function rubyRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	return {
		files: [{ name: `${snakeCase(wordsOf(plan.id))}_token.rb`, text: rubySigner(plan) }],
		install: plan.scheme === "jwt" ? "bundle add jwt" : "",
		run: rubyModule(plan),
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}

/** The name of the module. */
export function rubyModule(plan: RecipePlan): string {
	return `${pascalCase(wordsOf(plan.id))}Token`;
}

function nameOf(input: PlannedInput): string {
	return input.field === "id" ? "user_id" : snakeCase(input.words);
}

function rubySigner(plan: RecipePlan): string {
	const isJwt = plan.scheme === "jwt";
	const values = plan.claims.map(({ value }) => value.from);
	return joinLines(
		"# frozen_string_literal: true",
		"",
		plan.key.encoding.startsWith("base64") && 'require "base64"',
		plan.inputs.some(({ type }) => type === "json-string") && 'require "json"',
		isJwt ? 'require "jwt"' : 'require "openssl"',
		values.includes("uuid") && 'require "securerandom"',
		"",
		comment("# ", `${isJwt ? "The token" : "The hash"} that tells ${plan.name} who the signed-in user is.`),
		plan.documentation.length > 0 && ["#", plan.documentation.map((page) => `# ${page}`)],
		`module ${rubyModule(plan)}`,
		indent(
			"  ",
			"# This user cannot get a token. The message holds no personal data.",
			"class IdentityError < StandardError; end",
			"",
			isJwt && [`LIFETIME_SECONDS = ${plan.lifetimeSeconds}`, ""],
			"class << self",
			indent(
				"  ",
				docLines(plan),
				signatureLines(plan),
				indent("  ", isJwt ? jwtLines(plan) : hmacLines(plan)),
				"end",
				"",
				"private",
				keyLines(plan),
				helperLines(plan),
			),
			"end",
		),
		"end",
	);
}

const types: Readonly<Record<PlannedInput["type"], string>> = {
	id: "String, Integer",
	text: "String",
	flag: "Boolean",
	role: "String",
	roles: "String, Array<String>",
	string: "String",
	number: "Numeric",
	boolean: "Boolean",
	object: "Hash",
	array: "Array",
	"json-string": "Object",
	attributes: "Hash",
};

function docLines(plan: RecipePlan): Lines {
	return [
		comment(
			"# ",
			`${plan.scheme === "jwt" ? "Signs a token" : "Computes the hash"} for the user of the verified session; never fill it from what the browser sent.`,
			90,
		),
		"#",
		plan.inputs.map((input) =>
			comment(
				"# ",
				`@param ${nameOf(input)} [${types[input.type]}${input.required || input.type === "flag" ? "" : ", nil"}] ${input.description.charAt(0).toLowerCase()}${input.description.slice(1)}`,
				96,
			).map((line, index) => (index === 0 ? line : line.replace("# ", "#   "))),
		),
		"# @return [String]",
		"# @raise [IdentityError] when the user lacks what the vendor requires",
	];
}

function signatureLines(plan: RecipePlan): Lines {
	const parameters = plan.inputs.map((input) => `${nameOf(input)}:${input.required ? "" : input.type === "flag" ? " false" : " nil"}`);
	const opening = `def sign(${parameters.join(", ")})`;
	if (opening.length <= 100) return opening;
	return ["def sign(", parameters.map((parameter, index) => `  ${parameter}${index === parameters.length - 1 ? "" : ","}`), ")"];
}

function jwtLines(plan: RecipePlan): Lines {
	const nulls = plan.claims.filter(({ value }) => value.from === "constant" && value.value === null);
	const listed = plan.claims.filter((claim) => !nulls.includes(claim));
	const hasOptional = listed.some(({ always }) => !always) || plan.attributes !== undefined;
	return [
		"now = Time.now.to_i",
		usesEmail(plan) && "verified_email = email_verified == true ? text(email) : nil",
		plan.claims.map((claim) => nameLines(claim, plan)),
		plan.attributes ? "claims = (attributes || {}).transform_keys(&:to_s).merge(" : "claims = {",
		listed.map((claim, index) => `  ${keyCode(claim)} => ${valueCode(claim)}${plan.attributes && index === listed.length - 1 ? "" : ","}`),
		`${plan.attributes ? ")" : "}"}${hasOptional ? ".compact" : ""}`,
		nulls.map((claim) => `claims[${keyCode(claim)}] = nil`),
		plan.oneOf.map((group) => {
			const names = group.map(keyCode);
			const test = names.length === 1 ? `claims.key?(${names[0]})` : `[${names.join(", ")}].any? { |name| claims.key?(name) }`;
			return `raise IdentityError, ${literal(groupRefusal(plan, group))} unless ${test}`;
		}),
		"",
		`JWT.encode(claims, signing_key, "${plan.algorithm}", { "typ" => "JWT"${plan.keyId ? `, "kid" => ${settingCode(plan.keyId)}` : ""} })`,
	];
}

function hmacLines({ message }: RecipePlan): Lines {
	if (message === undefined) return [];
	return [
		message.input.field === "email" && "verified_email = email_verified == true ? text(email) : nil",
		`message = ${textCode(message, true)}`,
		'OpenSSL::HMAC.hexdigest("SHA256", signing_key, message)',
	];
}

function keyCode({ name, nameSetting }: PlannedClaim): string {
	return nameSetting ? snakeCase(nameSetting.words) : literal(name);
}

function nameLines(claim: PlannedClaim, plan: RecipePlan): Lines {
	if (claim.nameSetting === undefined) return [];
	const others = plan.claims.filter((other) => other !== claim && other.nameSetting === undefined).map(({ name }) => name);
	const name = snakeCase(claim.nameSetting.words);
	return [
		`${name} = ${settingCode(claim.nameSetting)}`,
		others.length > 0 && [
			`if ${literal(others)}.include?(${name})`,
			`  raise ArgumentError, ${literal(`${claim.nameSetting.env} names a claim that the token has already`)}`,
			"end",
			"",
		],
	];
}

function valueCode({ value, required }: PlannedClaim): string {
	switch (value.from) {
		case "setting":
			return settingCode(value.setting);
		case "constant":
			return literal(value.value);
		case "issuedAt":
			return "now";
		case "expirationTime":
			return "now + LIFETIME_SECONDS";
		case "uuid":
			return "SecureRandom.uuid";
		case "text":
			return textCode(value, required);
		case "flag":
			return "email_verified == true";
		case "role":
			return require(`${snakeCase(value.helper ?? ["text"])}(${nameOf(value.input)})`, value, required);
		case "custom": {
			const given = require(nameOf(value.input), value, required);
			if (value.input.type !== "json-string") return given;
			return required ? `JSON.generate(${given})` : `${given}.nil? ? nil : JSON.generate(${given})`;
		}
	}
}

function textCode(value: Extract<PlannedValue, { from: "text" }>, required: boolean): string {
	const read = (input: PlannedInput): string => (input.field === "email" ? "verified_email" : `text(${nameOf(input)})`);
	const text = value.fallback ? `${read(value.input)} || ${read(value.fallback)}` : read(value.input);
	if (required) return `${require(text, value, true)}${value.lowercase ? ".downcase" : ""}`;
	if (!value.lowercase) return text;
	return `${value.fallback ? `(${text})` : text}&.downcase`;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `required(${code}, ${literal(needs)})` : code;
}

function settingCode({ env, default: value }: PlannedSetting): string {
	return `variable("${env}"${value === undefined ? "" : `, ${literal(value)}`})`;
}

function keyLines({ key, algorithm }: RecipePlan): Lines {
	const secret = `variable("${key.env}")`;
	const decoded = {
		utf8: secret,
		hex: `[${secret}].pack("H*")`,
		base64: `Base64.strict_decode64(${secret})`,
		pem: `${secret}.gsub("\\\\n", "\\n")`,
		"base64-pem": `Base64.strict_decode64(${secret})`,
	}[key.encoding];
	const keyClass = algorithm === "ES256" ? "OpenSSL::PKey::EC" : "OpenSSL::PKey::RSA";
	return [
		"",
		"def signing_key",
		indent(
			"  ",
			key.isAsymmetric
				? [
						key.encoding === "pem" && "# Hosts that keep a variable on one line write the line breaks as \\n.",
						`@signing_key ||= ${keyClass}.new(${decoded})`,
					]
				: [
						"@signing_key ||= begin",
						key.encoding === "hex" && [`  raise ArgumentError, "${key.env} is not hexadecimal" unless ${secret}.match?(/\\A\\h+\\z/)`, ""],
						`  key = ${decoded}`,
						`  raise ArgumentError, "${key.env} is shorter than ${key.minimumBytes} bytes" if key.bytesize < ${key.minimumBytes}`,
						"",
						"  key",
						"end",
					],
		),
		"end",
		"",
		"def variable(name, default = nil)",
		'  value = ENV.fetch(name, "").strip',
		"  value = default if value.empty?",
		'  value || raise(ArgumentError, "#{name} is not set")',
		"end",
	];
}

function helperLines(plan: RecipePlan): Lines {
	return [
		usesText(plan) && [
			"",
			"# The value as trimmed text, nil when there is none.",
			"def text(value)",
			"  text = value.to_s.strip",
			"  text.empty? ? nil : text",
			"end",
		],
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
		usesRequired(plan) && [
			"",
			"def required(value, what)",
			`  value.nil? ? raise(IdentityError, ${literal(`${plan.name} needs `).slice(0, -1)}#{what}") : value`,
			"end",
		],
	];
}

function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = nameOf(value.input);
	const refusal = value.oneOf && `raise IdentityError, ${literal(`${name} knows no other role than ${value.oneOf.join(", ")}`)}`;
	const body =
		value.input.type === "role"
			? [`name = text(${given})`, refusal && `${refusal} unless name.nil? || ${literal(value.oneOf ?? [])}.include?(name)`, "", "name"]
			: [
					`names = ${given}.is_a?(Array) ? ${given}.filter_map { |name| text(name) } : text(${given})`,
					"return if names.nil? || names.empty?",
					refusal && `${refusal} unless (Array(names) - ${literal(value.oneOf ?? [])}).empty?`,
					"",
					"names",
				];
	return ["", `def ${snakeCase(value.helper)}(${given})`, indent("  ", body), "end"];
}

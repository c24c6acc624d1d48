import { algorithms } from "@widget-token/core";
import { rubyLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired, usesText } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { nameOf } from "./claims.ts";

export function keyLines({ key, algorithm }: RecipePlan): Lines {
	const secret = `variable("${key.env}")`;
	const decoded = {
		utf8: secret,
		hex: `[${secret}].pack("H*")`,
		base64: `Base64.strict_decode64(${secret})`,
		pem: `${secret}.gsub("\\\\n", "\\n")`,
		"base64-pem": `Base64.strict_decode64(${secret})`,
	}[key.encoding];
	const keyClass = algorithms[algorithm].keyType === "EC" ? "OpenSSL::PKey::EC" : "OpenSSL::PKey::RSA";
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

export function helperLines(plan: RecipePlan): Lines {
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

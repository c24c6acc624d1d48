import { algorithms, identityLimits } from "@widget-token/core";
import { limitOf, refusals, usesLowercase, usesReader, usualLimit } from "../exact-text.ts";
import { rubyLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired } from "../plan.ts";
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
		textLines(plan),
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
		usesRequired(plan) && [
			"",
			"def required(value, what)",
			`  value.nil? ? raise(IdentityError, ${literal(`${plan.name} needs `).slice(0, -1)}#{what}") : value`,
			"end",
		],
	];
}

function textLines(plan: RecipePlan): Lines {
	return [
		usesReader(plan, "text") && [
			"",
			"# What is only shown, as trimmed text; nil when there is none.",
			"def text(value)",
			"  text = value.to_s.strip",
			"  text.empty? ? nil : text",
			"end",
		],
		usesReader(plan, "identifier") && [
			"",
			"# What stands for somebody, as it is: trimmed or composed, two users could become one.",
			`def identifier(value, limit = ${usualLimit})`,
			"  return if value.nil?",
			"",
			"  text = value.is_a?(Integer) ? value.to_s : value",
			"  is_usable = text.is_a?(String) && text.valid_encoding? &&",
			'              (1..limit).cover?(text.encode("UTF-16LE").bytesize / 2) &&',
			"              !text.match?(/\\A[\\p{Z}\\ufeff]|[\\p{Z}\\ufeff]\\z|[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]/)",
			`  raise IdentityError, "${refusals.identifier}" unless is_usable`,
			"",
			"  text",
			"end",
		],
		usesReader(plan, "address") && [
			"",
			"# An email address as it is; nothing in it may be invisible.",
			"def address(value)",
			`  text = identifier(value, ${identityLimits.email})`,
			"  return if text.nil?",
			"",
			"  if !text.match?(/\\A[^@]+@[^@]+\\z/) || text.match?(/[\\p{Z}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2800]/)",
			`    raise IdentityError, "${refusals.address}"`,
			"  end",
			"",
			"  text",
			"end",
		],
		usesLowercase(plan) && [
			"",
			"# The text in lower case. A capital that its small letter does not lead back to could be that of another user.",
			"def lowercase(text)",
			"  return if text.nil?",
			"",
			"  letters = text.each_char.map do |letter|",
			"    small = letter.downcase",
			'    if small != letter && (small.upcase != letter || letter == "\\u03a3")',
			`      raise IdentityError, "${refusals.lowercase}"`,
			"    end",
			"",
			"    small",
			"  end",
			"  letters.join",
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
			? [
					`name = identifier(${given} == "" ? nil : ${given})`,
					refusal && `${refusal} unless name.nil? || ${literal(value.oneOf ?? [])}.include?(name)`,
					"",
					"name",
				]
			: [
					`return if ${given}.nil? || ${given}.empty?`,
					"",
					`names = ${given}.is_a?(Array) ? ${given}.map { |name| identifier(name) } : identifier(${given}, ${limitOf(value.input)})`,
					refusal && `${refusal} unless (Array(names) - ${literal(value.oneOf ?? [])}).empty?`,
					"",
					"names",
				];
	return ["", `def ${snakeCase(value.helper)}(${given})`, indent("  ", body), "end"];
}

import { identityLimits } from "@widget-token/core";
import { classOf, hidden, limitOf, longHex, refusals, separatorsAndMarks, usesLowercase, usesReader, usualLimit } from "../exact-text.ts";
import { pythonLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { pythonName } from "./claims.ts";

export function keyLines({ key }: RecipePlan): Lines {
	const secret = `_variable("${key.env}")`;
	const decoded = {
		utf8: `${secret}.encode()`,
		hex: `bytes.fromhex(${secret})`,
		base64: `base64.b64decode(${secret}, validate=True)`,
		pem: `${secret}.replace("\\\\n", "\\n")`,
		"base64-pem": `base64.b64decode(${secret}, validate=True).decode()`,
	}[key.encoding];
	return [
		"",
		"",
		"@cache",
		`def _signing_key() -> ${key.isAsymmetric ? "str" : "bytes"}:`,
		indent(
			"    ",
			key.isAsymmetric
				? [key.encoding === "pem" && "# Hosts that keep a variable on one line write the line breaks as \\n.", `return ${decoded}`]
				: [
						`key = ${decoded}`,
						`if len(key) < ${key.minimumBytes}:`,
						`    raise RuntimeError("${key.env} is shorter than ${key.minimumBytes} bytes")`,
						"return key",
					],
		),
		"",
		"",
		"def _variable(name: str, default: str | None = None) -> str:",
		'    value = os.environ.get(name, "").strip() or default',
		"    if value is None:",
		'        raise RuntimeError(f"{name} is not set")',
		"    return value",
	];
}

export function helperLines(plan: RecipePlan): Lines {
	return [
		textLines(plan),
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
		usesRequired(plan) && [
			"",
			"",
			"def _required(value: Any, what: str) -> Any:",
			"    if value is None:",
			`        raise IdentityError(${literal(`${plan.name} needs `)} + what)`,
			"    return value",
		],
	];
}

function textLines(plan: RecipePlan): Lines {
	return [
		usesReader(plan, "text") && [
			"",
			"",
			"def _text(value: object) -> str | None:",
			'    """What is only shown, as trimmed text; None when there is none."""',
			'    return (str(value).strip() if value is not None else "") or None',
		],
		usesReader(plan, "identifier") && [
			"",
			"",
			`def _identifier(value: object, limit: int = ${usualLimit}) -> str | None:`,
			'    """What stands for somebody, as it is: trimmed or composed, two users could become one."""',
			"    if value is None:",
			"        return None",
			"    text = str(value) if type(value) is int else value",
			"    if (",
			"        not isinstance(text, str)",
			'        or not 0 < len(text) + sum(letter > "\\uffff" for letter in text) <= limit',
			'        or any(unicodedata.category(end)[0] == "Z" or end == "\\ufeff" for end in (text[0], text[-1]))',
			`        or re.search(r"[\\x00-\\x1f\\x7f-\\x9f${classOf(separatorsAndMarks, longHex)}\\ud800-\\udfff]", text)`,
			"    ):",
			`        raise IdentityError("${refusals.identifier}")`,
			"    return text",
		],
		usesReader(plan, "address") && [
			"",
			"",
			"def _address(value: object) -> str | None:",
			'    """An email address as it is; nothing in it may be invisible."""',
			`    text = _identifier(value, ${identityLimits.email})`,
			"    if text is not None and (",
			'        re.fullmatch(r"[^@]+@[^@]+", text) is None',
			'        or any(unicodedata.category(letter) in ("Cf", "Zs") for letter in text)',
			`        or re.search(r"[${classOf(hidden, longHex)}]", text)`,
			"    ):",
			`        raise IdentityError("${refusals.address}")`,
			"    return text",
		],
		usesLowercase(plan) && [
			"",
			"",
			"def _lowercase(text: str | None) -> str | None:",
			'    """The text in lower case. A capital that its small letter does not lead back to could be that of another user."""',
			"    if text is None:",
			"        return None",
			"    for letter in text:",
			"        small = letter.lower()",
			'        if small != letter and (small.upper() != letter or letter == "\\u03a3"):',
			`            raise IdentityError("${refusals.lowercase}")`,
			'    return "".join(letter.lower() for letter in text)',
		],
	];
}

function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = pythonName(value.input);
	const refusal = value.oneOf && `    raise IdentityError(${literal(`${name} knows no other role than ${value.oneOf.join(", ")}`)})`;
	const allowed = value.oneOf && literal(value.oneOf);
	if (value.input.type === "role") {
		return [
			"",
			"",
			`def _${snakeCase(value.helper)}(${given}: str | None) -> str | None:`,
			indent(
				"    ",
				`name = _identifier(${given} or None)`,
				refusal && [`if name is not None and name not in ${allowed}:`, refusal],
				"return name",
			),
		];
	}
	return [
		"",
		"",
		`def _${snakeCase(value.helper)}(${given}: str | Sequence[str] | None) -> str | list[str] | None:`,
		indent(
			"    ",
			`if ${given} is None or isinstance(${given}, str):`,
			refusal
				? [
						`    name = _identifier(${given} or None, ${limitOf(value.input)})`,
						`    if name is not None and name not in ${allowed}:`,
						`    ${refusal}`,
						"    return name",
					]
				: `    return _identifier(${given} or None, ${limitOf(value.input)})`,
			`names = [_identifier(name) for name in ${given}]`,
			refusal && [`if not set(names) <= set(${allowed}):`, refusal],
			"return names or None",
		),
	];
}

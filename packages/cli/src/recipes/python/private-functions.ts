import { pythonLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired, usesText } from "../plan.ts";
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
		usesText(plan) && [
			"",
			"",
			"def _text(value: object) -> str | None:",
			'    """The value as trimmed text, None when there is none."""',
			'    return (str(value).strip() if value is not None else "") or None',
		],
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
			indent("    ", `name = _text(${given})`, refusal && [`if name is not None and name not in ${allowed}:`, refusal], "return name"),
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
				? [`    name = _text(${given})`, `    if name is not None and name not in ${allowed}:`, `    ${refusal}`, "    return name"]
				: `    return _text(${given})`,
			`names = [name for name in map(_text, ${given}) if name is not None]`,
			refusal && [`if not set(names) <= set(${allowed}):`, refusal],
			"return names or None",
		),
	];
}

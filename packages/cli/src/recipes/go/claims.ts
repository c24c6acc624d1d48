import { limitOf, usualLimit } from "../exact-text.ts";
import { goLiteral as literal } from "../literals.ts";
import { goUnexported } from "../naming.ts";
import { groupRefusal, type PlannedClaim, type RecipePlan, usesEmail } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { errorLines, optionalLines, requiredLines } from "./claim-statements.ts";
import { fieldOf, keyCode, localOf, nameOf, sentOf } from "./names.ts";

export function jwtLines(plan: RecipePlan): Lines {
	const listed = plan.claims.filter(({ always }) => always);
	const optional = plan.claims.filter(({ always }) => !always);
	const attributes = plan.attributes && nameOf(plan.attributes);
	const declared = new Set<string>();
	const locals = listed.map((claim) => requiredLines(claim, plan, declared));
	const names = optional.map(keyCode);
	return [
		"now := time.Now()",
		usesEmail(plan) && emailLines,
		locals,
		attributes
			? [
					"claims := jwt.MapClaims{}",
					`for name, value := range user.${attributes} {`,
					"\tclaims[name] = value",
					"}",
					names.map((name) => `delete(claims, ${name})`),
					listed.map((claim) => `claims[${keyCode(claim)}] = ${valueCode(claim)}`),
				]
			: ["claims := jwt.MapClaims{", alignedMembers(listed.map((claim) => [keyCode(claim), valueCode(claim)])), "}"],
		optional.map((claim) => optionalLines(claim, declared)),
		plan.oneOf.map((group) => [
			`if ${group.map((claim) => `claims[${keyCode(claim)}] == nil`).join(" && ")} {`,
			`\treturn "", fmt.Errorf("%w: %s", ErrIdentity, ${literal(groupRefusal(plan, group))})`,
			"}",
		]),
		`token := jwt.NewWithClaims(jwt.SigningMethod${plan.algorithm}, claims)`,
		plan.keyId && `token.Header["kid"] = s.${fieldOf(plan.keyId)}`,
		"return token.SignedString(s.key)",
	];
}

export function hmacLines(plan: RecipePlan): Lines {
	if (plan.message === undefined) return [];
	const message: PlannedClaim = { value: plan.message, name: "message", nameSetting: undefined, required: true, always: true };
	return [
		plan.message.input.field === "email" && emailLines,
		requiredLines(message, plan, new Set()),
		"hash := hmac.New(sha256.New, s.key)",
		`hash.Write([]byte(${valueCode(message)}))`,
		"return hex.EncodeToString(hash.Sum(nil)), nil",
	];
}

const emailLines = ["verifiedEmail, err := address(user.Email, user.EmailVerified)", errorLines];

// gofmt aligns the values of a literal whose keys are on lines of their own.
function alignedMembers(members: readonly (readonly [key: string, value: string])[]): string[] {
	const width = Math.max(...members.map(([key]) => [...key].length));
	return members.map(([key, value]) => `\t${key}:${" ".repeat(width - [...key].length + 1)}${value},`);
}

function valueCode(claim: PlannedClaim): string {
	const { value } = claim;
	switch (value.from) {
		case "setting":
			return `s.${fieldOf(value.setting)}`;
		case "constant":
			return literal(value.value);
		case "issuedAt":
			return "now.Unix()";
		case "expirationTime":
			return "now.Add(Lifetime).Unix()";
		case "uuid":
			return "uuid.NewString()";
		case "text":
			return sentOf(claim);
		case "flag":
			return "user.EmailVerified";
		case "role":
			return localOf(claim);
		case "custom":
			return value.input.type === "json-string" ? `string(${goUnexported(value.input.words)}JSON)` : `user.${nameOf(value.input)}`;
	}
}

const readEachLines = [`name, err := identifier(each, ${usualLimit})`, "if err != nil {", "\treturn nil, err", "}"];

export function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = goUnexported(value.input.words);
	const refusal = value.oneOf && literal(`${name} knows no other role than ${value.oneOf.join(", ")}`);
	const allowed = value.oneOf?.map((role) => literal(role)).join(", ");
	if (value.input.type === "role") {
		return [
			"",
			`func ${goUnexported(value.helper)}(${given} string) (string, error) {`,
			indent(
				"\t",
				`name, err := identifier(${given}, ${limitOf(value.input)})`,
				errorLines,
				"switch name {",
				`case "", ${allowed}:`,
				"\treturn name, nil",
				"}",
				`return "", fmt.Errorf("%w: %s", ErrIdentity, ${refusal})`,
			),
			"}",
		];
	}
	return [
		"",
		`func ${goUnexported(value.helper)}(${given} []string) ([]string, error) {`,
		indent(
			"\t",
			"var names []string",
			`for _, each := range ${given} {`,
			refusal
				? indent(
						"\t",
						readEachLines,
						"switch name {",
						'case "":',
						`case ${allowed}:`,
						"\tnames = append(names, name)",
						"default:",
						`\treturn nil, fmt.Errorf("%w: %s", ErrIdentity, ${refusal})`,
						"}",
					)
				: indent("\t", readEachLines, 'if name != "" {', "\tnames = append(names, name)", "}"),
			"}",
			"return names, nil",
		),
		"}",
	];
}

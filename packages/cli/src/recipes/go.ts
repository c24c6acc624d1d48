import type { Contract } from "@widget-token/core";
import { goLiteral as literal } from "./literals.ts";
import { goExported, goUnexported, wordsOf } from "./naming.ts";
import { environmentNotes, sharedNotes } from "./notes.ts";
import {
	groupRefusal,
	type PlannedClaim,
	type PlannedInput,
	type PlannedSetting,
	planRecipe,
	type RecipePlan,
	usesEmail,
} from "./plan.ts";
import type { Recipe } from "./recipe.ts";
import { comment, indent, joinLines, type Lines } from "./source.ts";

/** Go ≥ 1.19 with golang-jwt v5. */
export function goRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	const name = goPackage(plan);
	const hasUuid = plan.claims.some(({ value }) => value.from === "uuid");
	return {
		files: [{ name: `${name}/${name}.go`, text: goSigner(plan) }],
		install: plan.scheme === "jwt" ? `go get github.com/golang-jwt/jwt/v5${hasUuid ? " github.com/google/uuid" : ""}` : "",
		run: name,
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}

/** A package's name: one word in lower case. */
function goPackage({ id }: RecipePlan): string {
	return `${wordsOf(id).join("")}token`;
}

function goSigner(plan: RecipePlan): string {
	const isJwt = plan.scheme === "jwt";
	return joinLines(
		comment(
			"// ",
			`Package ${goPackage(plan)} ${isJwt ? "signs the token" : "computes the hash"} that tells ${plan.name} who the signed-in user is.`,
		),
		plan.documentation.length > 0 && ["//", plan.documentation.map((page) => `// ${page}`)],
		`package ${goPackage(plan)}`,
		"",
		importLines(plan),
		"",
		isJwt && ["// Lifetime is the time from now to the token's expiry.", `const Lifetime = ${plan.lifetimeSeconds} * time.Second`, ""],
		"// ErrIdentity is the error for a user who cannot get a token. Its text holds no personal data.",
		'var ErrIdentity = errors.New("no token for this user")',
		"",
		"// User is what the verified session says of the signed-in user; never fill it from what the browser sent.",
		"type User struct {",
		plan.inputs.flatMap((input) => [
			`\t// ${nameOf(input)} is ${input.description.charAt(0).toLowerCase()}${input.description.slice(1)}.`,
			`\t${nameOf(input)} ${types[input.type]}`,
		]),
		"}",
		"",
		"// Signer holds the key and the settings. It is safe for concurrent use.",
		"type Signer struct {",
		fieldLines(plan),
		"}",
		"",
		constructorLines(plan),
		"",
		`// Sign returns ${isJwt ? "a token" : "the hash"} for the user, or ErrIdentity when the user lacks what the vendor requires.`,
		"func (s *Signer) Sign(user User) (string, error) {",
		indent("\t", isJwt ? jwtLines(plan) : hmacLines(plan)),
		"}",
		variableLines,
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
	);
}

const types: Readonly<Record<PlannedInput["type"], string>> = {
	id: "string",
	text: "string",
	flag: "bool",
	role: "string",
	roles: "[]string",
	string: "string",
	number: "*float64",
	boolean: "*bool",
	object: "map[string]any",
	array: "[]any",
	"json-string": "any",
	attributes: "map[string]any",
};

function nameOf(input: PlannedInput): string {
	return goExported(input.words);
}

function importLines(plan: RecipePlan): Lines {
	const isJwt = plan.scheme === "jwt";
	const { key, inputs, claims } = plan;
	const standard = [
		!isJwt && "crypto/hmac",
		key.isAsymmetric && (plan.algorithm === "ES256" ? "crypto/ecdsa" : "crypto/rsa"),
		!isJwt && "crypto/sha256",
		key.encoding.startsWith("base64") && "encoding/base64",
		(key.encoding === "hex" || !isJwt) && "encoding/hex",
		inputs.some(({ type }) => type === "json-string") && "encoding/json",
		"errors",
		"fmt",
		"os",
		"strings",
		isJwt && "time",
	];
	const others = [
		isJwt && "github.com/golang-jwt/jwt/v5",
		claims.some(({ value }) => value.from === "uuid") && "github.com/google/uuid",
	].filter(Boolean);
	return [
		"import (",
		standard.filter(Boolean).map((path) => `\t"${path}"`),
		others.length > 0 && ["", others.map((path) => `\t"${path}"`)],
		")",
	];
}

function keyType({ key, algorithm }: RecipePlan): string {
	if (!key.isAsymmetric) return "[]byte";
	return algorithm === "ES256" ? "*ecdsa.PrivateKey" : "*rsa.PrivateKey";
}

function fieldOf(setting: PlannedSetting): string {
	return goUnexported(setting.words);
}

function fieldLines(plan: RecipePlan): Lines {
	const fields = [["key", keyType(plan)], ...plan.settings.map((setting) => [fieldOf(setting), "string"])] as [string, string][];
	const width = Math.max(...fields.map(([name]) => name.length));
	return fields.map(([name, type]) => `\t${name.padEnd(width)} ${type}`);
}

function constructorLines(plan: RecipePlan): Lines {
	const { key, settings } = plan;
	const parse = plan.algorithm === "ES256" ? "jwt.ParseECPrivateKeyFromPEM" : "jwt.ParseRSAPrivateKeyFromPEM";
	const failed = (message: string): Lines => ["if err != nil {", `\treturn nil, ${message}`, "}"];
	const decoding: Readonly<Record<string, Lines>> = {
		utf8: "key := []byte(secret)",
		hex: ["key, err := hex.DecodeString(secret)", failed(`errors.New("${key.env} is not hexadecimal")`)],
		base64: ["key, err := base64.StdEncoding.DecodeString(secret)", failed(`errors.New("${key.env} is not base64")`)],
		pem: [
			"// Hosts that keep a variable on one line write the line breaks as \\n.",
			`key, err := ${parse}([]byte(strings.ReplaceAll(secret, \`\\n\`, "\\n")))`,
			failed(`fmt.Errorf("${key.env}: %w", err)`),
		],
		"base64-pem": [
			"pem, err := base64.StdEncoding.DecodeString(secret)",
			failed(`errors.New("${key.env} is not base64")`),
			`key, err := ${parse}(pem)`,
			failed(`fmt.Errorf("${key.env}: %w", err)`),
		],
	};
	const names = settings.filter((setting) => plan.claims.some(({ nameSetting }) => nameSetting === setting));
	return [
		"// NewSigner reads the key and the settings from the environment.",
		"func NewSigner() (*Signer, error) {",
		indent(
			"\t",
			`secret, err := variable("${key.env}", "")`,
			failed("err"),
			decoding[key.encoding],
			!key.isAsymmetric && [
				`if len(key) < ${key.minimumBytes} {`,
				`\treturn nil, errors.New("${key.env} is shorter than ${key.minimumBytes} bytes")`,
				"}",
			],
			settings.map((setting) => [
				`${fieldOf(setting)}, err := variable("${setting.env}", ${literal(setting.default ?? "")})`,
				failed("err"),
			]),
			names.map((setting) => {
				const others = plan.claims.filter(({ nameSetting }) => nameSetting === undefined).map(({ name }) => literal(name));
				return [
					`switch ${fieldOf(setting)} {`,
					`case ${others.join(", ")}:`,
					`\treturn nil, errors.New("${setting.env} names a claim that the token has already")`,
					"}",
				];
			}),
			`return &Signer{${["key: key", ...settings.map((setting) => `${fieldOf(setting)}: ${fieldOf(setting)}`)].join(", ")}}, nil`,
		),
		"}",
	];
}

function jwtLines(plan: RecipePlan): Lines {
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

function hmacLines(plan: RecipePlan): Lines {
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

const emailLines = ['verifiedEmail := ""', "if user.EmailVerified {", "\tverifiedEmail = strings.TrimSpace(user.Email)", "}"];

// gofmt aligns the values of a literal whose keys are on lines of their own.
function alignedMembers(members: readonly (readonly [key: string, value: string])[]): string[] {
	const width = Math.max(...members.map(([key]) => [...key].length));
	return members.map(([key, value]) => `\t${key}:${" ".repeat(width - [...key].length + 1)}${value},`);
}

function keyCode({ name, nameSetting }: PlannedClaim): string {
	return nameSetting ? `s.${fieldOf(nameSetting)}` : literal(name);
}

/** The local variable that holds a claim's text or role. */
function localOf({ value }: PlannedClaim): string {
	if (value.from === "role") return `role${value.helper?.[2] ?? ""}`;
	if (value.from !== "text") return "";
	if (value.input.field === "email" && !value.fallback) return "verifiedEmail";
	return goUnexported([...value.input.words, ...(value.fallback ? ["or", ...value.fallback.words] : [])]);
}

function textCode(input: PlannedInput): string {
	return input.field === "email" ? "verifiedEmail" : `strings.TrimSpace(user.${nameOf(input)})`;
}

function refusalLines(test: string, needs: string, { name }: RecipePlan): Lines {
	return [`if ${test} {`, `\treturn "", fmt.Errorf("%w: %s", ErrIdentity, ${literal(`${name} needs ${needs}`)})`, "}"];
}

/** The text of a claim in a local variable, which is declared once. */
function localLines(claim: PlannedClaim, declared: Set<string>): Lines {
	const { value } = claim;
	const local = localOf(claim);
	if (value.from !== "text" || local === "verifiedEmail" || declared.has(local)) return [];
	declared.add(local);
	return [
		`${local} := ${textCode(value.input)}`,
		value.fallback && [`if ${local} == "" {`, `\t${local} = ${textCode(value.fallback)}`, "}"],
	];
}

function requiredLines(claim: PlannedClaim, plan: RecipePlan, declared: Set<string>): Lines {
	const { value } = claim;
	const local = localOf(claim);
	if (value.from === "text") {
		const isChecked = declared.has(`${local} is there`);
		declared.add(`${local} is there`);
		return [localLines(claim, declared), !isChecked && refusalLines(`${local} == ""`, value.needs, plan)];
	}
	if (value.from === "role") {
		const given = `user.${nameOf(value.input)}`;
		if (value.helper !== undefined) {
			const read = [`${local}, err := ${goUnexported(value.helper)}(${given})`, "if err != nil {", '\treturn "", err', "}"];
			return [read, refusalLines(`${local} == ${value.input.type === "role" ? '""' : "nil"}`, value.needs, plan)];
		}
		if (declared.has(local)) return [];
		declared.add(local);
		return [`${local} := strings.TrimSpace(${given})`, refusalLines(`${local} == ""`, value.needs, plan)];
	}
	if (value.from !== "custom") return [];
	const given = `user.${nameOf(value.input)}`;
	const refusal = refusalLines(`${given} == ${value.input.type === "string" ? '""' : "nil"}`, value.needs, plan);
	if (value.input.type !== "json-string") return refusal;
	return [refusal, jsonLines(value.input)];
}

function jsonLines(input: PlannedInput): Lines {
	return [`${goUnexported(input.words)}JSON, err := json.Marshal(user.${nameOf(input)})`, "if err != nil {", '\treturn "", err', "}"];
}

function optionalLines(claim: PlannedClaim, declared: Set<string>): Lines {
	const { value } = claim;
	const key = `claims[${keyCode(claim)}]`;
	switch (value.from) {
		case "text": {
			const local = localOf(claim);
			if (value.fallback || local === "verifiedEmail" || declared.has(local)) {
				return [localLines(claim, declared), `if ${local} != "" {`, `\t${key} = ${lowered(local, value)}`, "}"];
			}
			return [`if text := ${textCode(value.input)}; text != "" {`, `\t${key} = ${lowered("text", value)}`, "}"];
		}
		case "flag":
			return `${key} = user.EmailVerified`;
		case "role": {
			if (value.helper === undefined)
				return [`if role := strings.TrimSpace(user.${nameOf(value.input)}); role != "" {`, `\t${key} = role`, "}"];
			return [
				`if role, err := ${goUnexported(value.helper)}(user.${nameOf(value.input)}); err != nil {`,
				'\treturn "", err',
				`} else if ${value.input.type === "role" ? 'role != ""' : "role != nil"} {`,
				`\t${key} = role`,
				"}",
			];
		}
		case "custom": {
			const given = `user.${nameOf(value.input)}`;
			const isJson = value.input.type === "json-string";
			const filled = isJson ? [jsonLines(value.input), `${key} = string(${goUnexported(value.input.words)}JSON)`] : [`${key} = ${given}`];
			return [`if ${given} != ${value.input.type === "string" ? '""' : "nil"} {`, indent("\t", filled), "}"];
		}
		default:
			return [];
	}
}

function lowered(code: string, { lowercase }: { lowercase: boolean }): string {
	return lowercase ? `strings.ToLower(${code})` : code;
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
			return lowered(localOf(claim), value);
		case "flag":
			return "user.EmailVerified";
		case "role":
			return localOf(claim);
		case "custom":
			return value.input.type === "json-string" ? `string(${goUnexported(value.input.words)}JSON)` : `user.${nameOf(value.input)}`;
	}
}

const variableLines = [
	"",
	"func variable(name, fallback string) (string, error) {",
	'\tif value := strings.TrimSpace(os.Getenv(name)); value != "" {',
	"\t\treturn value, nil",
	"\t}",
	'\tif fallback == "" {',
	'\t\treturn "", fmt.Errorf("%s is not set", name)',
	"\t}",
	"\treturn fallback, nil",
	"}",
];

function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
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
				`name := strings.TrimSpace(${given})`,
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
						"name := strings.TrimSpace(each)",
						"switch name {",
						'case "":',
						`case ${allowed}:`,
						"\tnames = append(names, name)",
						"default:",
						`\treturn nil, fmt.Errorf("%w: %s", ErrIdentity, ${refusal})`,
						"}",
					)
				: indent("\t", 'if name := strings.TrimSpace(each); name != "" {', "\tnames = append(names, name)", "}"),
			"}",
			"return names, nil",
		),
		"}",
	];
}

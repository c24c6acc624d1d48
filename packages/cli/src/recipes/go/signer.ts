import { algorithms } from "@widget-token/core";
import { usesLowercase, usesReader } from "../exact-text.ts";
import { goLiteral as literal } from "../literals.ts";
import { wordsOf } from "../naming.ts";
import { fixedNames, nameRefusal, type RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { comment, indent, joinLines, type Lines } from "../source.ts";
import { hmacLines, jwtLines, roleHelperLines } from "./claims.ts";
import { fieldOf, nameOf } from "./names.ts";
import { textLines } from "./text-functions.ts";

/** A package's name: one word in lower case. */
export function goPackage({ id }: RecipePlan): string {
	return `${wordsOf(id).join("")}token`;
}

export function goSigner(plan: RecipePlan): string {
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
		textLines(plan),
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

function importLines(plan: RecipePlan): Lines {
	const isJwt = plan.scheme === "jwt";
	const { key, inputs, claims } = plan;
	const standard = [
		!isJwt && "crypto/hmac",
		key.isAsymmetric && (algorithms[plan.algorithm].keyType === "EC" ? "crypto/ecdsa" : "crypto/rsa"),
		!isJwt && "crypto/sha256",
		key.encoding.startsWith("base64") && "encoding/base64",
		(key.encoding === "hex" || !isJwt) && "encoding/hex",
		inputs.some(({ type }) => type === "json-string") && "encoding/json",
		"errors",
		"fmt",
		"os",
		usesReader(plan, "identifier") && "regexp",
		"strings",
		isJwt && "time",
		usesLowercase(plan) && "unicode",
		usesReader(plan, "identifier") && ["unicode/utf16", "unicode/utf8"],
	];
	const others = [
		isJwt && "github.com/golang-jwt/jwt/v5",
		claims.some(({ value }) => value.from === "uuid") && "github.com/google/uuid",
	].filter(Boolean);
	return [
		"import (",
		standard.flat().map((path) => path && `\t"${path}"`),
		others.length > 0 && ["", others.map((path) => `\t"${path}"`)],
		")",
	];
}

function fieldLines(plan: RecipePlan): Lines {
	const fields = [["key", keyType(plan)], ...plan.settings.map((setting) => [fieldOf(setting), "string"])] as [string, string][];
	const width = Math.max(...fields.map(([name]) => name.length));
	return fields.map(([name, type]) => `\t${name.padEnd(width)} ${type}`);
}

function keyType({ key, algorithm }: RecipePlan): string {
	if (!key.isAsymmetric) return "[]byte";
	return algorithms[algorithm].keyType === "EC" ? "*ecdsa.PrivateKey" : "*rsa.PrivateKey";
}

function constructorLines(plan: RecipePlan): Lines {
	const { key, settings } = plan;
	const parse = algorithms[plan.algorithm].keyType === "EC" ? "jwt.ParseECPrivateKeyFromPEM" : "jwt.ParseRSAPrivateKeyFromPEM";
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
	const taken = fixedNames(plan).map((name) => literal(name));
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
			taken.length > 0 &&
				names.map((setting) => [
					`switch ${fieldOf(setting)} {`,
					`case ${taken.join(", ")}:`,
					`\treturn nil, errors.New(${literal(nameRefusal(setting))})`,
					"}",
				]),
			`return &Signer{${["key: key", ...settings.map((setting) => `${fieldOf(setting)}: ${fieldOf(setting)}`)].join(", ")}}, nil`,
		),
		"}",
	];
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

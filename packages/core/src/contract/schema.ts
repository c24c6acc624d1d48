import * as v from "valibot";
import { publicPrefix } from "../base/index.ts";
import { type IdentityField, identityLimits } from "../identity/index.ts";
import { type Algorithm, algorithms, isSymmetric } from "./algorithms.ts";
import type { Contract, JsonValue } from "./contract.ts";
import { createDeliveryFormat } from "./delivery-schema.ts";
import { described, matching, text as nonEmptyText, oneOf, optional, recordOf } from "./schema-parts.ts";

// The one statement of the format. `npm run contract-format` derives from it the types of contract.ts and the JSON Schema that
// @widget-token/widgets publishes; what a schema cannot say is in rules.ts.

const settingName = /^[a-z][A-Za-z0-9]{0,63}$/;

/** A key's encoding is that of its kind: text or bytes of a shared secret, or a PEM file. */
function keyOfAlgorithm<Shape extends { readonly algorithm: Algorithm; readonly key: { readonly encoding: string } }>() {
	return v.rawCheck<Shape>(({ dataset, addIssue }) => {
		if (!dataset.typed) return;
		const { algorithm, key } = dataset.value;
		const fitting = isSymmetric(algorithm) ? ["utf8", "hex", "base64"] : ["pem", "base64-pem"];
		if (fitting.includes(key.encoding)) return;
		const at = (input: unknown, name: string, value: unknown) =>
			({ type: "object", origin: "value", input, key: name, value }) as v.ObjectPathItem;
		addIssue({
			message: `is not one of: ${fitting.join(", ")}`,
			path: [at(dataset.value, "key", key), at(key, "encoding", key.encoding)],
		});
	});
}

/** The format: its schema, whose output is held to the types that are made of it, and its parts. */
export interface ContractFormat {
	readonly schema: v.GenericSchema<unknown, Contract>;
	/** The parts that have a name of their own, as types and in the JSON Schema. */
	readonly parts: Readonly<Record<string, v.GenericSchema>>;
	/** The parts that are types of their own already. */
	readonly knownParts: Readonly<Record<string, v.GenericSchema>>;
}

/** Makes the format. Not at import: most apps define no contract, and need not wait for it. */
export function createContractFormat(): ContractFormat {
	const symmetric = (Object.keys(algorithms) as Algorithm[]).filter(isSymmetric);
	const text = nonEmptyText();
	const delivery = createDeliveryFormat();
	const flag = v.boolean("is not true or false");
	const count = v.pipe(
		v.number("is not a whole number above zero"),
		v.safeInteger("is not a whole number above zero"),
		v.minValue(1, "is not a whole number above zero"),
	);
	const variable = matching(/^[A-Z][A-Z0-9_]{0,127}$/);
	const jsonValue = v.custom<JsonValue>((value) => value !== undefined, "is missing");

	const keyEncoding = described(
		"How the text of a key is turned into bytes: `utf8` is used as it is, `hex` and `base64` are decoded, `pem` is a PEM file, `base64-pem` the base64 of one.",
		oneOf(["utf8", "hex", "base64", "pem", "base64-pem"]),
	);

	const keyRule = described(
		"The key that the vendor issues, or whose public half the vendor holds.",
		v.strictObject({
			env: v.pipe(
				described("The environment variable that holds it; not one that bundlers publish to browsers.", variable),
				v.check((name) => !publicPrefix.test(name), "has a prefix that publishes the variable to browsers"),
				v.metadata({ not: { pattern: publicPrefix.source } }),
			),
			encoding: keyEncoding,
			minimumBytes: optional(
				"The shortest key in bytes, for a vendor that issues shorter ones. Default: the size of the hash (RFC 7518 §3.2).",
				count,
			),
		}),
	);

	const settingRule = described(
		"A value that the integrator configures once, such as a tenant's id.",
		v.strictObject({
			env: described("The environment variable that it is read from.", variable),
			description: described("What it is, for the person who has to find it in the vendor's dashboard.", text),
			default: optional("Used when neither the option nor the variable is given; without it the setting is required.", text),
		}),
	);

	const identityFields = Object.keys(identityLimits) as IdentityField[];
	const identityField = described("A text of the identity.", oneOf(identityFields));
	const algorithm = oneOf(Object.keys(algorithms) as Algorithm[]);
	const transform = described("What is done to the text before it is sent.", v.literal("lowercase", "is not one of: lowercase"));

	const claimBase = {
		required: optional("A required claim that is missing refuses the token; it is never dropped in silence.", flag),
		nameSetting: optional("The setting that gives the claim its name, where the vendor lets the integrator choose it.", v.string()),
	};

	function claimRule<const From extends string, Entries extends v.ObjectEntries>(from: From, description: string, entries: Entries) {
		return described(
			description,
			v.strictObject({ from: described("Where the claim's value comes from.", v.literal(from)), ...claimBase, ...entries }),
		);
	}

	const identityClaimRule = claimRule("identity", "A claim that holds a field of the identity.", {
		field: described(
			"A text of the identity, or whether its address is verified.",
			v.union([identityField, v.literal("emailVerified")], `is not one of: ${[...identityFields, "emailVerified"].join(", ")}`),
		),
		transform: v.exactOptional(transform),
		fallbackField: optional("The field to take when `field` is missing.", identityField),
	});

	const settingClaimRule = claimRule("setting", "A claim that holds one of the contract's settings.", {
		setting: described("The setting whose value is sent.", v.string()),
	});

	const constantClaimRule = claimRule("constant", "A claim that is always the same.", { value: described("Any JSON value.", jsonValue) });

	const generatedClaimRule = claimRule("generated", "A claim that is made again for each token.", {
		generate: described(
			"`issuedAt`, `expirationTime`: whole seconds since the epoch (NumericDate). `uuid`: a random UUID.",
			oneOf(["issuedAt", "expirationTime", "uuid"]),
		),
	});

	const roleClaimRule = claimRule("role", "A claim that holds what the integrator's `role` option returns.", {
		type: described(
			"`string`: one role. `string-or-array`: the string or the array, as it was returned.",
			oneOf(["string", "string-or-array"]),
		),
		oneOf: optional("The only roles that the vendor knows.", v.pipe(v.array(text, "is not an array"), v.minLength(1, "is empty"))),
	});

	const customClaimRule = claimRule("custom", "A free-form claim, filled by the integrator's `claims` option.", {
		type: described(
			"The JSON type of what the `claims` option gives; `json-string` is sent as the text of a JSON document.",
			oneOf(["string", "number", "boolean", "object", "array", "json-string"]),
		),
	});

	const claimRules = [identityClaimRule, settingClaimRule, constantClaimRule, generatedClaimRule, roleClaimRule, customClaimRule] as const;
	const anyClaimRule = described(
		"How a claim is filled.",
		v.variant("from", claimRules, "is not one of: identity, setting, constant, generated, role, custom"),
	);

	const lifetimeRule = described(
		"How long a token lives, in whole seconds.",
		v.strictObject({
			defaultSeconds: described("At most `maximumSeconds`.", count),
			advisedMaximumSeconds: optional("The vendor's advice; a longer lifetime works, and `doctor` warns of it.", count),
			maximumSeconds: described("A longer lifetime is an error.", count),
		}),
	);

	const contractBase = {
		$schema: optional("The address of this schema, for editors.", text),
		id: described("Lowercase letters, digits and hyphens; the `widget` of the endpoint's query.", matching(/^[a-z][a-z0-9-]{0,63}$/)),
		name: described("The vendor's or the widget's name, as people know it.", text),
		documentation: described(
			"The vendor's pages that the contract is taken from.",
			v.array(matching(/^https?:\/\/\S+$/), "is not an array"),
		),
		key: keyRule,
		settings: optional("Values that the integrator configures once, by name in camel case.", recordOf(settingName, settingRule)),
		delivery: v.exactOptional(delivery.schema),
	};

	const encodings = (values: readonly string[]) => ({ properties: { key: { properties: { encoding: { enum: values } } } } });

	const jwtContract = v.pipe(
		described(
			"A widget that takes a signed JWT (RFC 7519).",
			v.strictObject({
				...contractBase,
				scheme: described("A signed JWT.", v.literal("jwt")),
				algorithm: described("The JWS algorithm (RFC 7518 §3.1): one, fixed by the contract.", algorithm),
				header: optional(
					"What the JOSE header holds next to `alg`.",
					v.strictObject({
						typ: optional("Always sent.", v.literal("JWT", "is not one of: JWT")),
						kid: optional("The setting that holds the key's id.", v.string()),
					}),
				),
				claims: described(
					"The claims by name, in the order in which they are sent. Exactly one is generated as `expirationTime`.",
					v.pipe(recordOf(/^(?!__proto__$)[A-Za-z0-9_:./-]{1,128}$/, anyClaimRule), v.minEntries(1, "is empty")),
				),
				oneOf: optional(
					"Groups of claims of which at least one must be there.",
					v.array(v.pipe(v.array(v.string(), "is not an array"), v.minLength(1, "is empty")), "is not an array"),
				),
				additionalClaims: optional("Whether the vendor takes any further claim as an attribute. Default: false.", flag),
				lifetime: lifetimeRule,
			}),
		),
		keyOfAlgorithm(),
		v.metadata({
			if: { properties: { algorithm: { enum: symmetric } } },
			// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
			then: encodings(["utf8", "hex", "base64"]),
			else: encodings(["pem", "base64-pem"]),
		}),
	);

	const hmacContract = v.pipe(
		described(
			"A widget that takes an HMAC-SHA256 over one field of the identity, as lowercase hexadecimal digits.",
			v.strictObject({
				...contractBase,
				scheme: described("An HMAC over a field of the identity.", v.literal("hmac")),
				algorithm: described("The HMAC's algorithm.", v.literal("HS256", "is not one of: HS256")),
				message: described(
					"The field of the identity that is signed.",
					v.strictObject({ field: identityField, transform: v.exactOptional(transform) }),
				),
			}),
		),
		keyOfAlgorithm(),
		v.metadata({ allOf: [encodings(["utf8", "hex", "base64"])] }),
	);

	const schema = described(
		"What one widget vendor asks for, as plain data that JSON can carry. Minting, verifying and everything else about a vendor is derived from it. Make one with `defineContract`.",
		v.variant("scheme", [jwtContract, hmacContract], "is not one of: jwt, hmac"),
	);
	const parts = {
		KeyEncoding: keyEncoding,
		KeyRule: keyRule,
		SettingRule: settingRule,
		IdentityClaimRule: identityClaimRule,
		SettingClaimRule: settingClaimRule,
		ConstantClaimRule: constantClaimRule,
		GeneratedClaimRule: generatedClaimRule,
		RoleClaimRule: roleClaimRule,
		CustomClaimRule: customClaimRule,
		ClaimRule: anyClaimRule,
		LifetimeRule: lifetimeRule,
		...delivery.parts,
		JwtContract: jwtContract,
		HmacContract: hmacContract,
		Contract: schema,
	};
	return { schema, parts, knownParts: { Algorithm: algorithm, IdentityField: identityField } };
}

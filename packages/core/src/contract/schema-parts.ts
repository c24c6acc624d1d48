import * as v from "valibot";

type Text = v.SchemaWithPipe<readonly [v.StringSchema<string>, v.NonEmptyAction<string, string>]>;
type Pattern = v.SchemaWithPipe<readonly [v.StringSchema<string>, v.RegexAction<string, string>]>;
type Described<Schema extends v.GenericSchema> = v.SchemaWithPipe<readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]>;

/** Text that is not empty. */
export function text(): Text {
	return v.pipe(v.string("is not text"), v.nonEmpty("is empty"));
}

/** One of several texts. */
export function oneOf<const Text extends string>(texts: readonly Text[]): v.PicklistSchema<readonly Text[], string> {
	return v.picklist(texts, `is not one of: ${texts.join(", ")}`);
}

/** Text that matches a pattern. */
export function matching(pattern: RegExp): Pattern {
	return v.pipe(v.string("is not text"), v.regex(pattern, `does not match ${pattern.source}`));
}

/** A schema with its description, for the types and the JSON Schema. */
export function described<Schema extends v.GenericSchema>(description: string, schema: Schema): Described<Schema> {
	return v.pipe(schema, v.description(description));
}

/** A member that may be left out. */
export function optional<Schema extends v.GenericSchema>(
	description: string,
	schema: Schema,
): v.ExactOptionalSchema<Described<Schema>, undefined> {
	return v.exactOptional(described(description, schema));
}

type RecordOf<Value, Name extends string> = Readonly<Record<string, Value>> & { readonly [Key in Name]: Value };

/** An object whose members have any name that fits. Unlike valibot's own, it passes over none (`constructor`), and takes no array. */
export interface RecordSchema<Value = unknown, Name extends string = never> extends v.GenericSchema<unknown, RecordOf<Value, Name>> {
	readonly record: { readonly names: RegExp; readonly value: v.GenericSchema<unknown, Value>; readonly required: readonly Name[] };
}

/** An object whose members have names that match and values of one schema; some of the names may be required. */
export function recordOf<Value, Name extends string = never>(
	names: RegExp,
	value: v.GenericSchema<unknown, Value>,
	required: readonly Name[] = [],
): RecordSchema<Value, Name> {
	const isObject = (input: unknown): boolean => typeof input === "object" && input !== null && !Array.isArray(input);
	const checkMembers = v.rawCheck<RecordOf<Value, Name>>(({ dataset, addIssue }) => {
		if (!dataset.typed) return;
		const input: Record<string, unknown> = dataset.value;
		const refuse = (key: string, message: string, deeper: readonly v.IssuePathItem[] = []): void =>
			addIssue({ message, path: [{ type: "object", origin: "value", input, key, value: input[key] }, ...deeper] });
		for (const name of required) if (!Object.hasOwn(input, name)) return refuse(name, "is missing");
		for (const [key, member] of Object.entries(input)) {
			if (!names.test(key)) return refuse(key, `does not match ${names.source}`);
			const [issue] = v.safeParse(value, member, { abortEarly: true }).issues ?? [];
			if (issue !== undefined) return refuse(key, describeIssue(issue), issue.path);
		}
	});
	const object = Object.assign(v.custom<RecordOf<Value, Name>>(isObject, "is not an object"), { record: { names, value, required } });
	return v.pipe(object, checkMembers);
}

/** Says in words what is wrong, without a value of the contract. */
export function describeIssue({ expected, received, message }: v.BaseIssue<unknown>): string {
	if (expected === "never") return "is not a member of the format";
	if (received === "undefined") return "is missing";
	return expected === "Object" ? "is not an object" : message;
}

import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { createContractFormat } from "../src/contract/schema.ts";
import type { RecordSchema } from "../src/contract/schema-parts.ts";
import { printTypes } from "./contract-types.ts";

const { schema: contractSchema, parts: contractParts, knownParts } = createContractFormat();

/** The derived files by their path in this package. */
export function contractFiles(): Readonly<Record<string, string>> {
	return {
		"src/contract/contract.ts": printTypes(contractParts, knownParts),
		"../widgets/contract.schema.json": `${JSON.stringify(jsonSchema(), null, "\t")}\n`,
	};
}

function jsonSchema(): object {
	const { $schema, $defs, ...root } = convert(contractSchema, contractParts);
	return {
		$schema,
		$id: "https://unpkg.com/@widget-token/widgets/contract.schema.json",
		title: "Widget contract",
		...root,
		$defs,
	};
}

function convert(schema: GenericSchema, definitions: Readonly<Record<string, GenericSchema>>): JsonSchema {
	return toJsonSchema(schema as never, {
		target: "draft-2020-12",
		definitions: definitions as never,
		// Each of them has its equivalent in a `metadata` next to it, or is beyond JSON Schema.
		ignoreActions: ["check", "raw_check"],
		overrideSchema: ({ valibotSchema }) => (valibotSchema.type === "custom" ? convertCustom(valibotSchema) : undefined),
	});
}

function convertCustom(schema: object): JsonSchema {
	const { record } = schema as Partial<RecordSchema>;
	if (record === undefined) return {};
	return {
		type: "object",
		...(record.required.length > 0 && { required: [...record.required] }),
		propertyNames: { pattern: record.names.source },
		additionalProperties: convertMember(record.value),
	};
}

function convertMember(schema: GenericSchema): JsonSchema {
	const name = Object.keys(contractParts).find((part) => contractParts[part] === schema);
	if (name !== undefined) return { $ref: `#/$defs/${name}` };
	const { $schema, ...member } = convert(schema, {});
	return member;
}

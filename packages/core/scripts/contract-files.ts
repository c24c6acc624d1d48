import { toJsonSchema } from "@valibot/to-json-schema";
import { contractParts, contractSchema, knownParts } from "../src/contract-schema.ts";
import { printTypes } from "./contract-types.ts";

/** The derived files by their path in this package. */
export function contractFiles(): Readonly<Record<string, string>> {
	return {
		"src/contract.ts": printTypes(contractParts, knownParts),
		"../widgets/contract.schema.json": `${JSON.stringify(jsonSchema(), null, "\t")}\n`,
	};
}

function jsonSchema(): object {
	const { $schema, $defs, ...root } = toJsonSchema(contractSchema, {
		target: "draft-2020-12",
		definitions: contractParts as never,
		// Each of them has its equivalent in a `metadata` next to it, or is beyond JSON Schema.
		ignoreActions: ["check", "raw_check"],
		overrideSchema: ({ valibotSchema }) => (valibotSchema.type === "custom" ? {} : undefined),
	});
	return {
		$schema,
		$id: "https://unpkg.com/@widget-token/widgets/contract.schema.json",
		title: "Widget contract",
		...root,
		$defs,
	};
}

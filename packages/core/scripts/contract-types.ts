import type { GenericSchema } from "valibot";

/** The members of valibot's schemas that the format uses. */
interface SchemaNode {
	readonly type: string;
	readonly pipe?: readonly SchemaNode[];
	readonly description?: string;
	readonly wrapped?: SchemaNode;
	readonly item?: SchemaNode;
	readonly record?: { readonly value: unknown; readonly required: readonly string[] };
	readonly literal?: string | boolean;
	readonly options?: readonly (SchemaNode | string)[];
	readonly entries?: Readonly<Record<string, SchemaNode>>;
}

const header = `// Made by \`npm run contract-format\` from schema.ts. Do not edit.
import type { IdentityField } from "../identity/index.ts";
import type { Algorithm } from "./algorithms.ts";

/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };
`;

type Parts = Readonly<Record<string, GenericSchema>>;

/** Prints the named parts of the format as TypeScript, each with its description; `known` are declared elsewhere. */
export function printTypes(parts: Parts, known: Parts): string {
	const names = new Map(Object.entries({ ...parts, ...known }).map(([name, part]) => [part as unknown as SchemaNode, name]));
	const declarations = Object.entries(parts).map(([name, part]) => {
		const node = part as unknown as SchemaNode;
		const body = printType(node, names, true);
		return `${comment(descriptionOf(node))}export ${body.startsWith("{") && node.type !== "variant" ? `interface ${name} ${body}` : `type ${name} = ${body};`}\n`;
	});
	return [header, ...declarations].join("\n");
}

function printType(node: SchemaNode, names: ReadonlyMap<SchemaNode, string>, isDeclaration = false): string {
	const name = names.get(node);
	if (name !== undefined && !isDeclaration) return name;
	if (node.record !== undefined) {
		const value = printType(node.record.value as SchemaNode, names);
		const required = node.record.required.map((member) => `readonly ${member}: ${value};`);
		return required.length === 0
			? `Readonly<Record<string, ${value}>>`
			: `{\n${required.join("\n")}\nreadonly [name: string]: ${value};\n}`;
	}
	const inner = node.pipe?.[0];
	if (inner !== undefined && inner !== node) return printType(inner, names);
	const print = (child: SchemaNode | undefined): string => printType(child as SchemaNode, names);
	switch (node.type) {
		case "string":
		case "number":
		case "boolean":
			return node.type;
		case "literal":
			return JSON.stringify(node.literal);
		case "picklist":
			return (node.options as readonly string[]).map((option) => JSON.stringify(option)).join(" | ");
		case "union":
		case "variant":
			return (node.options as readonly SchemaNode[]).map(print).join(" | ");
		case "array":
			return printArray(print(node.item));
		case "custom":
			return "JsonValue";
		case "exact_optional":
			return print(node.wrapped);
		case "strict_object":
			return `{\n${printMembers(node, names)}\n}`;
		default:
			throw new Error(`contract-types.ts cannot print ${node.type}`);
	}
}

function printMembers({ entries = {} }: SchemaNode, names: ReadonlyMap<SchemaNode, string>): string {
	return Object.entries(entries)
		.map(([name, member]) => {
			const isOptional = member.type === "exact_optional";
			const node = isOptional ? (member.wrapped as SchemaNode) : member;
			const description = names.has(node) ? undefined : descriptionOf(node);
			return `${comment(description)}readonly ${name}${isOptional ? "?" : ""}: ${printType(node, names)};`;
		})
		.join("\n");
}

function printArray(item: string): string {
	return `readonly ${item.startsWith("readonly ") ? `(${item})` : item}[]`;
}

function descriptionOf({ pipe = [] }: SchemaNode): string | undefined {
	return pipe
		.map((item) => item.description ?? (item.pipe === undefined ? undefined : descriptionOf(item)))
		.findLast((text) => text !== undefined);
}

function comment(description: string | undefined): string {
	if (description === undefined) return "";
	const lines = description.split("\n");
	return lines.length === 1 ? `/** ${description} */\n` : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

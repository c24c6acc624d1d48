import type { JsonValue } from "@widget-token/core";
import { escapeInvisible } from "@widget-token/sandbox/invisible";

type Literal = (value: JsonValue) => string;

// JSON's escapes mean the same in the string literals of all of these languages; beyond U+FFFF each has its own.
function quoted(text: string, astral: (codePoint: string) => string): string {
	return escapeInvisible(JSON.stringify(text.toWellFormed()), (character) => {
		const codePoint = (character.codePointAt(0) ?? 0).toString(16);
		return character.length > 1 ? astral(codePoint) : `\\u${codePoint.padStart(4, "0")}`;
	});
}

const braced = (codePoint: string): string => `\\u{${codePoint}}`;
const longEscape = (codePoint: string): string => `\\U${codePoint.padStart(8, "0")}`;

export const javascriptLiteral: Literal = literal({
	text: (text) => quoted(text, braced),
	array: (items) => `[${items.join(", ")}]`,
	object: (members) =>
		members.length === 0 ? "{}" : `{ ${members.map(([name, value]) => `${javascriptKey(name)}: ${value}`).join(", ")} }`,
});

export const pythonLiteral: Literal = literal({
	text: (text) => quoted(text, longEscape),
	array: (items) => `[${items.join(", ")}]`,
	object: (members) => `{${members.map(([name, value]) => `${name}: ${value}`).join(", ")}}`,
	words: { true: "True", false: "False", null: "None" },
});

export const phpLiteral: Literal = literal({
	text: (text) => {
		const plain = `'${text.toWellFormed().replace(/[\\']/g, "\\$&")}'`;
		if (escapeInvisible(text) === text) return plain;
		return `"${[...text.toWellFormed()].map((character) => (/[\w .,:;/@-]/.test(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`)).join("")}"`;
	},
	array: (items) => `[${items.join(", ")}]`,
	// An empty array would become a JSON list.
	object: (members) =>
		members.length === 0 ? "new \\stdClass()" : `(object) [${members.map(([name, value]) => `${name} => ${value}`).join(", ")}]`,
});

export const rubyLiteral: Literal = literal({
	text: (text) => quoted(text, braced).replace(/#(?=[{$@])/g, "\\#"),
	array: (items) => `[${items.join(", ")}]`,
	object: (members) => (members.length === 0 ? "{}" : `{ ${members.map(([name, value]) => `${name} => ${value}`).join(", ")} }`),
	words: { null: "nil" },
});

export const goLiteral: Literal = literal({
	text: (text) => quoted(text, longEscape),
	array: (items) => `[]any{${items.join(", ")}}`,
	object: (members) => `map[string]any{${members.map(([name, value]) => `${name}: ${value}`).join(", ")}}`,
	words: { null: "nil" },
});

/** A quoted name as the key of an object literal; the one that would set the prototype becomes a computed key. */
export function javascriptKey(quotedName: string): string {
	return quotedName === '"__proto__"' ? `[${quotedName}]` : quotedName.replace(/^"([A-Za-z_$][\w$]*)"$/, "$1");
}

interface LiteralRules {
	readonly text: (text: string) => string;
	readonly array: (items: readonly string[]) => string;
	readonly object: (members: readonly (readonly [string, string])[]) => string;
	/** How `true`, `false` and `null` are spelt, where it is not like that. */
	readonly words?: Readonly<Record<string, string>>;
}

function literal({ text, array, object, words = {} }: LiteralRules): Literal {
	const write: Literal = (value) => {
		if (typeof value === "string") return text(value);
		if (Array.isArray(value)) return array((value as readonly JsonValue[]).map(write));
		if (typeof value === "object" && value !== null)
			return object(Object.entries(value).map(([name, member]) => [text(name), write(member)]));
		return words[String(value)] ?? String(value);
	};
	return write;
}

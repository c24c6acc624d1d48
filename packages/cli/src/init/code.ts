/** What a file imports: names by module; without names, for what the module does. */
export type Imports = Readonly<Record<string, readonly string[]>>;

/** The import statements of a file, packages first, each module once. */
export function writeImports(...parts: readonly Imports[]): string {
	const modules = new Map<string, Set<string>>();
	for (const part of parts) {
		for (const [module, names] of Object.entries(part)) {
			const known = modules.get(module) ?? new Set();
			for (const name of names) known.add(name);
			modules.set(module, known);
		}
	}
	const rank = (module: string): number => (module.startsWith(".") ? 1 : 0);
	return [...modules]
		.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
		.map(([module, names]) =>
			writeImport(
				module,
				[...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
			),
		)
		.join("\n");
}

// A name such as `default as x` is a default import.
function writeImport(module: string, names: readonly string[]): string {
	if (names.length === 0) return `import ${literal(module)};`;
	const [first = ""] = names;
	const own = /^default as (.+)$/.exec(first)?.[1];
	const from = module.endsWith(".json") ? `${literal(module)} with { type: "json" }` : literal(module);
	return own === undefined ? `import { ${names.join(", ")} } from ${from};` : `import ${own} from ${from};`;
}

/** A call with an object of options. */
export function writeCall(name: string, options: readonly string[]): string {
	return `${name}(${writeObject(options)})`;
}

/** An object literal: on one line when it has one member, and that is short. */
export function writeObject(members: readonly string[]): string {
	const [only = ""] = members;
	if (members.length === 1 && !only.includes("\n") && only.length <= 70) return `{ ${only} }`;
	return `{\n${members.map((each) => `${indent(each)},`).join("\n")}\n}`;
}

/** An array literal: on one line where that is short. */
export function writeArray(items: readonly string[]): string {
	const line = `[${items.join(", ")}]`;
	return line.includes("\n") || line.length > 90 ? `[\n${items.map((each) => `${indent(each)},`).join("\n")}\n]` : line;
}

/** A member of an object literal; its name in quotes where it is none of JavaScript's. */
export function member(name: string, value: string): string {
	if (name === value) return name;
	return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)}: ${value}`;
}

/** A comment of `//` lines, broken at a width that any editor shows. */
export function writeComment(text: string): string {
	const lines: string[] = [];
	let line = "//";
	for (const word of text.split(" ")) {
		if (line !== "//" && line.length + 1 + word.length > 90) {
			lines.push(line);
			line = "//";
		}
		line += ` ${word}`;
	}
	return [...lines, line].join("\n");
}

export function indent(text: string): string {
	return text.replace(/^(?=.)/gm, "\t");
}

/** A file's text: its parts with an empty line between them, in the project's own indentation. */
export function writeFile(parts: readonly string[], indentation: string): string {
	const text = `${parts.filter((part) => part !== "").join("\n\n")}\n`;
	return text.replace(/^\t+/gm, (tabs) => indentation.repeat(tabs.length));
}

/** The path of an import from one file to another, both relative to the project; the extension of the target stays as it is given. */
export function relativeImport(from: string, to: string): string {
	const fromParts = from.split("/").slice(0, -1);
	const toParts = to.split("/");
	let shared = 0;
	while (shared < fromParts.length && shared < toParts.length - 1 && fromParts[shared] === toParts[shared]) shared++;
	const path = [...fromParts.slice(shared).map(() => ".."), ...toParts.slice(shared)].join("/");
	return path.startsWith("../") ? path : `./${path}`;
}

/** A text as a string of JavaScript. */
export function literal(text: string): string {
	return JSON.stringify(text).replace(/[\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

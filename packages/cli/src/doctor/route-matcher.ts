/**
 * The patterns of a middleware's `config.matcher`, read from its source.
 *
 * Next.js itself takes literals only. `all`: there is no matcher, so it runs everywhere; undefined: it cannot be read.
 */
export function readMatchers(source: string): readonly string[] | "all" | undefined {
	const config = /export\s+const\s+config\b[^=]*=/.exec(source);
	const rest = config === null ? "" : source.slice(config.index);
	const at = /\bmatcher["']?\s*:/.exec(rest);
	if (at === null) return "all";
	return readLiterals(rest.slice(at.index + at[0].length));
}

const token =
	/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|[A-Za-z_$][\w$]*\s*:|[[\]{}(),]|[A-Za-z_$][\w$]*/g;

// One text, a list of texts, or a list of objects with a `source`; their conditions (`has`, `missing`) hold texts that are no patterns.
function readLiterals(text: string): readonly string[] | undefined {
	const found: string[] = [];
	const open: string[] = [];
	let key = "";
	for (const [part] of text.matchAll(token)) {
		if (part.startsWith("//") || part.startsWith("/*")) continue;
		if (part === "[" || part === "{") open.push(part);
		else if (part === "]" || part === "}") {
			if (open.pop() === undefined) break;
		} else if (part.endsWith(":")) {
			key = part.slice(0, -1).trim();
			if (open.length === 0) break;
		} else if (/^["'`]/.test(part)) {
			if (part.startsWith("`") && part.includes("${")) return undefined;
			const isPattern = open.join("") === "" || open.join("") === "[" || (open.join("").replace(/^\[/, "") === "{" && key === "source");
			if (isPattern) found.push(withoutEscapes(part.slice(1, -1)));
		} else if (part !== ",") return undefined;
		if (open.length === 0) break;
	}
	return found.length === 0 ? undefined : found;
}

// A JavaScript literal's escapes, as far as patterns have them.
function withoutEscapes(literal: string): string {
	return literal.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])/g, (_, escaped: string) =>
		escaped.length > 1 ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16)) : ({ n: "\n", t: "\t" }[escaped] ?? escaped),
	);
}

/** Whether a path is among those of a pattern, in the syntax of path-to-regexp 6 that Next.js documents; undefined for a pattern that cannot be read. */
export function matchesPath(pattern: string, path: string): boolean | undefined {
	try {
		return new RegExp(`^${compilePattern(pattern)}/?$`, "i").test(path);
	} catch {
		return undefined;
	}
}

function compilePattern(pattern: string): string {
	let compiled = "";
	let at = 0;
	// A slash before a parameter belongs to it: /docs/:path* is also /docs.
	let prefix = "";
	const flush = (): void => {
		compiled += escapePattern(prefix);
		prefix = "";
	};
	while (at < pattern.length) {
		const character = pattern[at] as string;
		if (character === "{" || character === "}") throw new SyntaxError("Groups in braces are not read");
		if (character === ":" || character === "(") {
			const name = character === ":" ? (/^:\w+/.exec(pattern.slice(at))?.[0] ?? "") : "";
			at += name.length;
			let inner = "[^/#?]+?";
			if (pattern[at] === "(") {
				const end = closingParenthesis(pattern, at);
				inner = pattern.slice(at + 1, end);
				at = end + 1;
			}
			const modifier = /[?*+]/.test(pattern[at] ?? "") ? (pattern[at++] as string) : "";
			const repeated = modifier === "*" || modifier === "+" ? `(?:${inner})(?:${escapePattern(prefix)}(?:${inner}))*` : `(?:${inner})`;
			compiled += `(?:${escapePattern(prefix)}${repeated})${modifier === "?" || modifier === "*" ? "?" : ""}`;
			prefix = "";
			continue;
		}
		flush();
		if (character === "\\") at++;
		const literal = pattern[at] ?? "";
		if (character === "/") prefix = "/";
		else compiled += escapePattern(literal);
		at++;
	}
	flush();
	return compiled;
}

function closingParenthesis(pattern: string, from: number): number {
	let depth = 0;
	for (let at = from; at < pattern.length; at++) {
		if (pattern[at] === "\\") at++;
		else if (pattern[at] === "(") depth++;
		else if (pattern[at] === ")" && --depth === 0) return at;
	}
	throw new SyntaxError("A parenthesis is not closed");
}

function escapePattern(text: string): string {
	return text.replace(/[.+*?=^!:${}()[\]|/\\]/g, "\\$&");
}

import type { Contract } from "@widget-token/core";
import type { AuthProvider } from "./auth-provider.ts";
import { type Imports, writeArray, writeComment, writeObject } from "./code.ts";
import type { UserType } from "./endpoint-code.ts";
import { unwritten } from "./unwritten.ts";
import { requiredCustomClaims, requiresRole, type WidgetCode } from "./widget-code.ts";

/** The options of an endpoint that say which widgets it serves. */
export interface WidgetOptions {
	readonly imports: Imports;
	/** Each is a member of the options, in their order; the first is `widget` or `widgets`. */
	readonly members: readonly [widgets: string, ...mappings: string[]];
}

/** What the code of the options depends on. */
export interface WidgetOptionsContext {
	/** The endpoint's file. */
	readonly path: string;
	readonly provider: AuthProvider;
	/** Members that every `createMint` needs besides its mappings. */
	readonly mintOptions: readonly string[];
	/** The type argument of every `createMint`; undefined in JavaScript. */
	readonly user: UserType | undefined;
}

/** Writes the options for one widget, or for several, each with what is its own. */
export function writeWidgetOptions(widgets: readonly WidgetCode[], context: WidgetOptionsContext): WidgetOptions {
	const [first, ...others] = widgets;
	if (first !== undefined && others.length === 0) {
		const { imports, expression } = first.server(context.path);
		return { imports, members: [`widget: ${expression}`, ...writeMappings(first.contract, context.provider)] };
	}
	const entries = widgets.map((widget) => writeEntry(widget, context));
	const imports = mergeImports(entries.map((entry) => entry.imports));
	return { imports, members: [`widgets: ${writeArray(entries.map(({ code }) => code))}`] };
}

/** Writes a widget as one of several. */
export function writeEntry(widget: WidgetCode, context: WidgetOptionsContext): WidgetEntry {
	const { imports, expression } = widget.server(context.path);
	const mappings = writeMappings(widget.contract, context.provider);
	if (mappings.length === 0) return { imports, code: expression };
	const mint = writeMint(expression, mappings, context);
	return { imports: mergeImports([imports, mint.imports]), code: mint.code };
}

/** A widget as one of several. */
export interface WidgetEntry {
	readonly imports: Imports;
	readonly code: string;
}

/** Writes a widget with options of its own. */
export function writeMint(expression: string, options: readonly string[], { mintOptions, user }: WidgetOptionsContext): WidgetEntry {
	const imports = { "@widget-token/core": ["createMint"], ...(user === undefined ? {} : { [user.module]: [`type ${user.name}`] }) };
	const argument = user === undefined ? "" : `<${user.argument}>`;
	return { imports, code: `createMint${argument}(${expression}, ${writeObject([...mintOptions, ...options])})` };
}

/** Whether the text of an endpoint's file lacks a mapping that the widget requires. */
export function lacksMapping(text: string, { contract, variable }: WidgetCode, mapping: "role" | "claims"): boolean {
	if (!new RegExp(`\\b${variable}\\b`).test(text)) return true;
	// A comment may be broken anywhere between two words.
	const flat = text.replace(/\s*\n\s*\/\/ /g, " ");
	return flat.includes(mapping === "role" ? roleComment(contract) : claimsComment(contract));
}

function roleComment({ name }: Contract): string {
	return `${unwritten.role} at ${name}, `;
}

function claimsComment(contract: Contract): string {
	return `${unwritten.claim}${requiredCustomClaims(contract).length > 1 ? "s" : ""} that ${contract.name} requires.`;
}

// A mapping that is not written yet gives nobody a token, which the endpoint answers with the reason.
function writeMappings(contract: Contract, { trustedFields, roleExample }: AuthProvider): string[] {
	const mappings: string[] = [];
	if (requiresRole(contract)) {
		const comment = writeComment(
			`${roleComment(contract)}from what the user cannot write (${trustedFields}). Until then nobody gets a token. For example:`,
		);
		mappings.push(
			`${comment}\n//   role: (${roleExample.startsWith("identity") ? "identity" : "_identity, user"}) => (${roleExample} === "staff" ? "Support" : undefined),\nrole: () => undefined`,
		);
	}
	const claims = requiredCustomClaims(contract);
	if (claims.length > 0) {
		const members = claims.map((name) => `\t${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: () => undefined,`);
		mappings.push(`${writeComment(`${claimsComment(contract)} Until then nobody gets a token.`)}\nclaims: {\n${members.join("\n")}\n}`);
	}
	return mappings;
}

function mergeImports(parts: readonly Imports[]): Imports {
	const merged: Record<string, readonly string[]> = {};
	for (const [module, names] of parts.flatMap((part) => Object.entries(part))) merged[module] = [...(merged[module] ?? []), ...names];
	return merged;
}

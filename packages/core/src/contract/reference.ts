/** A text of a contract's delivery that stands for a value: `{name}`, or `{name?}` where the value may be missing. */
export interface Reference {
	readonly name: string;
	readonly isOptional: boolean;
}

/**
 * Reads a reference; undefined for any other value.
 *
 * Import from `@widget-token/core/reference`, which runs in browsers too.
 *
 * @example
 * ```ts
 * import { readReference } from "@widget-token/core/reference";
 *
 * readReference("{appUrl?}"); // { name: "appUrl", isOptional: true }
 * ```
 */
export function readReference(value: unknown): Reference | undefined {
	const [, name, mark] = (typeof value === "string" && /^{(\w+)(\??)}$/.exec(value)) || [];
	return name ? { name, isOptional: !!mark } : undefined;
}

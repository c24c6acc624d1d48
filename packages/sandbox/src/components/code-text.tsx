import type { JSX } from "preact";

/** A sentence whose parts between backticks are code. */
export function CodeText({ text }: { readonly text: string }): JSX.Element {
	return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}

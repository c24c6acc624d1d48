import type { JSX } from "preact";

/** Where a visitor stands. */
export type VisitorStatus = "verified" | "anonymous" | "checking";

/** The visitor's status as a mark and a word: never by colour alone. */
export function Badge({ status }: { readonly status: VisitorStatus }): JSX.Element {
	return (
		<span class={`badge badge-${status}`}>
			<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
				<path d={marks[status]} />
			</svg>
			{status}
		</span>
	);
}

const marks: Readonly<Record<VisitorStatus, string>> = {
	verified: "M3 8.5l3.2 3.2L13 4.8",
	anonymous: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M8 12.6v.2",
	checking: "M3.5 8h.2M8 8h.2M12.5 8h.2",
};

import type { JSX } from "preact";
import type { Surface } from "./surface.ts";
import { useStore } from "./use-store.ts";

/** Opens and closes the panel. */
export function WhyButton({ surface }: { readonly surface: Surface }): JSX.Element {
	const { isPanelOpen } = useStore(surface.view);
	const { status } = useStore(surface.visitor.state);
	const label = `Why is my visitor ${status === "verified" ? "verified" : "anonymous"}?`;
	return (
		<button
			type="button"
			class="why"
			aria-label={label}
			title={label}
			aria-expanded={isPanelOpen ? "true" : "false"}
			aria-controls="panel"
			onClick={() => surface.view.set({ isPanelOpen: !isPanelOpen })}
		>
			<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
				<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M8 12.6v.2" />
			</svg>
			Why?
		</button>
	);
}

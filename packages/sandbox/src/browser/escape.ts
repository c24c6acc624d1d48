/** Closes a window by the Escape key. */
export function onEscape(close: (() => void) | undefined): (event: KeyboardEvent) => void {
	return ({ key }) => {
		if (key === "Escape") close?.();
	};
}

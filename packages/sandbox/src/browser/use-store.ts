import { useEffect, useState } from "preact/hooks";
import type { Store } from "./store.ts";

/** The value of a store; the component renders again when it changes. */
export function useStore<T extends object>(store: Store<T>): T {
	const [value, setValue] = useState(store.get());
	useEffect(() => {
		// What has changed between the rendering and now.
		setValue(store.get());
		return store.subscribe(() => setValue(store.get()));
	}, [store]);
	return value;
}

import { useSyncExternalStore } from "hono/jsx/dom";
import type { Store } from "./store.ts";

/** The value of a store; the component is rendered anew when it changes. */
export function useStore<T extends object>(store: Store<T>): T {
	return useSyncExternalStore(store.subscribe, store.get);
}

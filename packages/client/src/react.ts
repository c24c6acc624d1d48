"use client";

import {
	type CSSProperties,
	createContext,
	createElement,
	type ReactElement,
	type ReactNode,
	useCallback,
	useContext,
	useEffect,
	useId,
	useMemo,
	useRef,
	useSyncExternalStore,
} from "react";
import type { WidgetContract, WidgetSettings } from "./contract.ts";
import { type MountEvent, mountWidget } from "./mount-widget.ts";
import { idle, type TokenSession, type TokenState } from "./session-state.ts";
import { createTokenSession } from "./token-session.ts";

const SessionContext = createContext<TokenSession | undefined>(undefined);

interface SessionProps {
	/** A session that the app has made. Default: that of the `WidgetTokenProvider` around, else one of its own at `endpoint`. */
	readonly session?: TokenSession | undefined;
	/** The address of the token endpoint. Default: `/api/widget-token`. */
	readonly endpoint?: string | undefined;
	/**
	 * The present user by any key of the app's, such as the id; null when nobody is signed in. Leave it undefined where the
	 * page's cookies alone decide. Where it is not known yet, render once it is: who is named later counts as another user.
	 */
	readonly user?: string | null | undefined;
}

/** Props of {@link WidgetTokenProvider}. */
export interface WidgetTokenProviderProps extends SessionProps {
	/** The id of the widget, for an endpoint that serves several. */
	readonly widget?: string | undefined;
	readonly children?: ReactNode;
}

/**
 * Gives one token session to the `Widget` and `useWidgetToken` below it.
 *
 * Import from `@widget-token/client/react`.
 *
 * @example
 * ```ts
 * import { WidgetTokenProvider } from "@widget-token/client/react";
 * import { createElement, type ReactNode } from "react";
 *
 * export const Providers = ({ userId, children }: { userId: string | null; children: ReactNode }) =>
 * 	createElement(WidgetTokenProvider, { endpoint: "/api/widget-token", user: userId }, children);
 * ```
 */
export function WidgetTokenProvider({ children, widget, ...props }: WidgetTokenProviderProps): ReactElement {
	const session = useSession(props, widget);
	return createElement(SessionContext.Provider, { value: session }, children);
}

/** Props of {@link Widget}. All but `session` and `onEvent` can come from a server component. */
export interface WidgetProps extends SessionProps {
	readonly contract: WidgetContract;
	/** The page's values for the widget. `container` and `containerId` are filled in with an element of this component's. */
	readonly settings?: WidgetSettings | undefined;
	/** Which of the contract's embeds. Default: `default`. */
	readonly embed?: string | undefined;
	/** The address of the vendor's script, where it is not the documented one. */
	readonly src?: string | undefined;
	/** The nonce of the page's content security policy. */
	readonly nonce?: string | undefined;
	readonly onEvent?: ((event: MountEvent) => void) | undefined;
	/** For the element of a widget that is shown in the page's flow; a chat bubble has none. */
	readonly className?: string | undefined;
	readonly style?: CSSProperties | undefined;
}

/**
 * A widget that knows the signed-in user, as `mountWidget` does it. Place it in the root layout: the widget lives as long as
 * the component does.
 *
 * Import from `@widget-token/client/react`. For React 18 and 19; a server component can render it.
 *
 * @example
 * ```ts
 * import { Widget } from "@widget-token/client/react";
 * import { bestChatBot } from "@widget-token/widgets/browser";
 * import { createElement } from "react";
 *
 * export const Chat = ({ userId }: { userId: string | null }) =>
 * 	createElement(Widget, { contract: bestChatBot, settings: { apiKey: "key-from-the-dashboard" }, user: userId });
 * ```
 */
export function Widget(props: WidgetProps): ReactElement | null {
	const { contract, settings, embed = "default", src, nonce } = props;
	const session = useSession(props, contract.id);
	const element = useRef<HTMLDivElement>(null);
	const ownId = useId();
	const id = typeof settings?.["containerId"] === "string" ? settings["containerId"] : ownId;
	const latest = useRef(props);
	useEffect(() => {
		latest.current = props;
	});
	// An object literal is a new one in each render, and so is what a server component sends: only what is in it counts.
	const text = JSON.stringify(Object.entries(settings ?? {}).filter(([, value]) => typeof value !== "object"));
	// One vendor's widgets share an id.
	const delivery = JSON.stringify(contract.delivery?.embeds[embed] ?? "");
	// biome-ignore lint/correctness/useExhaustiveDependencies: `latest` and `text` stand for the rest of the props
	useEffect(() => {
		const mounted = mountWidget(latest.current.contract, {
			session,
			settings: { container: element.current ?? undefined, containerId: id, ...latest.current.settings },
			embed,
			src,
			nonce,
			onEvent: (event) => latest.current.onEvent?.(event),
		});
		return () => mounted.dispose();
	}, [session, contract.id, delivery, embed, src, nonce, text, id]);
	if (!/"\{?container(?:Id)?\}?"/.test(delivery)) return null;
	return createElement("div", { ref: element, id, className: props.className, style: props.style });
}

/** What {@link useWidgetToken} gives: the state of the session, and the session. */
export type WidgetTokenState = TokenState & { readonly session: TokenSession };

/**
 * The present user's token, kept fresh while the component is there; for a widget that has a React component of its own.
 *
 * Import from `@widget-token/client/react`.
 *
 * @throws Error without a session: neither as the argument nor by a `WidgetTokenProvider`.
 * @example
 * ```ts
 * import { useWidgetToken } from "@widget-token/client/react";
 * import { createElement } from "react";
 *
 * export function Greeting() {
 * 	const { status, token } = useWidgetToken();
 * 	return createElement("p", null, status === "signed_in" ? `a token of ${token.length} characters` : status);
 * }
 * ```
 */
export function useWidgetToken(session?: TokenSession): WidgetTokenState {
	const inherited = useContext(SessionContext);
	const present = session ?? inherited;
	if (present === undefined) throw new Error("useWidgetToken() needs a <WidgetTokenProvider> around it, or a session as its argument");
	const subscribe = useCallback((listener: () => void) => present.subscribe(listener, { fresh: () => true }), [present]);
	const state = useSyncExternalStore(
		subscribe,
		() => present.state,
		() => idle,
	);
	return useMemo(() => ({ ...state, session: present }), [state, present]);
}

function useSession({ session, endpoint = "/api/widget-token", user }: SessionProps, widget: string | undefined): TokenSession {
	const inherited = useContext(SessionContext);
	const given = session ?? inherited;
	const own = useMemo(() => (given ? undefined : createTokenSession({ endpoint, widget })), [given, endpoint, widget]);
	const disposals = useRef(new WeakMap<TokenSession, ReturnType<typeof setTimeout>>());
	useEffect(() => {
		if (own === undefined) return;
		const { current } = disposals;
		// StrictMode undoes each effect and does it again at once: that is no reason to end the session.
		clearTimeout(current.get(own));
		return () =>
			void current.set(
				own,
				setTimeout(() => own.dispose()),
			);
	}, [own]);
	const present = (given ?? own) as TokenSession;
	useEffect(() => {
		// The app's own session is over when it says so here.
		if (user === null) void present.signOut(() => {});
		else if (user !== undefined) present.identify(user);
	}, [present, user]);
	return present;
}

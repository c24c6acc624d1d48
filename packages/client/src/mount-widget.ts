import { type DeliveryCall, fill, type WidgetContract, type WidgetSettings } from "./contract.ts";
import type { TokenSession } from "./session-state.ts";

/** Options of {@link mountWidget}. */
export interface MountOptions {
	readonly session: TokenSession;
	/** The page's values for the widget, such as `apiKey` or `container`. A value that changes may be a getter. */
	readonly settings?: WidgetSettings | undefined;
	/** Which of the contract's embeds. Default: `default`. */
	readonly embed?: string | undefined;
	/** The address of the vendor's script, where it is not the documented one: a sandbox, a proxy. */
	readonly src?: string | undefined;
	/** The nonce of the page's content security policy. */
	readonly nonce?: string | undefined;
	/** Receives what happens to the widget, for a timeline. */
	readonly onEvent?: ((event: MountEvent) => void) | undefined;
	/**
	 * Loads the page anew, for a widget that keeps its user for as long as the page lives: when another user is named than the
	 * one named before, and when `signOut(end)` is done, here or in another tab. Default: `location.reload()`.
	 */
	readonly reload?: (() => void) | undefined;
}

/**
 * What happened to a mounted widget.
 *
 * - `delivered`: it got a token. `refreshed`: it got a newer one.
 * - `cleared`: it was told that the user has gone.
 * - `reload_required`: only a new page can give it another user, or none.
 * - `script_load`, `script_error`: the vendor's script was loaded, or was not.
 */
export type MountEvent = "delivered" | "refreshed" | "cleared" | "reload_required" | `script_${string}`;

/** A widget in the page. */
export interface MountedWidget {
	/** Clears the widget where the vendor has a way, and stops. */
	dispose(): void;
}

/**
 * Gives a widget the token of the session's user, through whatever the vendor's page documents: by an attribute of its script,
 * by a call, or by a function that the widget calls when it needs the token.
 *
 * Loads the script once, unless the page has brought it; looks for the widget's functions until they are there, ever less
 * often; replaces the token where the vendor has a way; clears it on sign-out, before `signOut()` returns. The attribute that
 * carried a token is taken from the page as soon as the script has run. A widget that can be anonymous is so while nobody is
 * signed in or no token can be had.
 *
 * Import from `@widget-token/client`.
 *
 * @throws Error when the contract has no such embed, or a setting that it needs is missing.
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { bestChatBot } from "@widget-token/widgets/browser";
 *
 * const session = createTokenSession({ endpoint: "/api/widget-token" });
 * mountWidget(bestChatBot, { session, settings: { apiKey: "key-from-the-dashboard" } });
 * ```
 */
export function mountWidget({ id, delivery }: WidgetContract, options: MountOptions): MountedWidget {
	const { session, settings, embed: name = "default", nonce = "", onEvent, reload = () => location.reload() } = options;
	const embed = delivery?.embeds[name];
	if (!embed) throw new Error(`${id}.${name} is missing`);
	const { script: tag, deliver, clear, anonymous, refresh } = embed;
	const page = globalThis.document;
	const tokenAttribute = tag?.tokenAttribute ?? "";
	// Otherwise the widget asks for the token itself, when it needs one.
	const isGiven = deliver || tokenAttribute;
	let { start = [] } = embed;
	let script: HTMLScriptElement | undefined;
	// The session's status when it was last looked at.
	let told: string | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	// Milliseconds until its functions are looked for again: a twentieth longer each time, for a blocked script never brings them.
	let wait = 50;
	let isClosed = false;

	const hide = (): void => script?.removeAttribute(tokenAttribute);

	function give(token: string): void {
		onEvent?.(scope.token ? "refreshed" : "delivered");
		scope.token = token;
	}

	async function resolver(): Promise<string> {
		const token = !isClosed && (await session.getToken());
		// The user may have gone since the session answered; of nobody, its state holds no token at all.
		if (isClosed || token !== session.state.token) throw new Error("signed_out");
		give(token);
		return token;
	}

	const scope: { token: string | null; [name: string]: unknown } = {
		// Getters stay getters.
		__proto__: settings,
		// The token that the widget has.
		token: "",
		resolver,
		callback: (done: (token: string) => void) => void resolver().then(done, () => {}),
	};

	const ownerOf = ({ on }: DeliveryCall): Record<string, ((...values: unknown[]) => void) | undefined> | undefined =>
		(scope[on] ?? (globalThis as WidgetSettings)[on]) as ReturnType<typeof ownerOf>;

	// Makes the calls, once their functions are there.
	function act(calls: readonly DeliveryCall[], begin: () => void): void {
		if (calls.every((each) => ownerOf(each)?.[each.call])) {
			begin();
			for (const each of calls) ownerOf(each)?.[each.call]?.(...fill(each.with ?? [], scope));
		} else {
			timer = setTimeout(update, wait);
			wait *= 1.05;
		}
	}

	const withdraw = (): void =>
		act(clear ?? [], () => {
			scope.token = "";
			hide();
			isClosed ||= !clear;
			onEvent?.(clear ? "cleared" : "reload_required");
		});

	// Brings the widget in line with the session, as far as that is possible now.
	function update(): void {
		clearTimeout(timer);
		const { status, token: present } = session.state;
		const token = isGiven && present;
		const isAgain = status === told;
		told = status;
		if (/idle|out/.test(status)) {
			if (scope.token) return withdraw();
			// Told twice, the user has gone for good. A reload at anything less might meet the same again, without an end.
			if (isClosed && isAgain) return reload();
		}
		let own = script;
		if (tag && !own) {
			const { src, attributes } = fill(tag, scope);
			const made = page.createElement("script");
			made.src = options.src ?? src;
			made.nonce = nonce;
			made.onload = made.onerror = (event) => {
				hide();
				onEvent?.(`script_${(event as Event).type}`);
			};
			for (const attribute in attributes) made.setAttribute(attribute, attributes[attribute] as string);
			script = [...page.scripts].find((other) => other.src === made.src);
			own = made;
			if (script) {
				scope.token = script.getAttribute(tokenAttribute);
				if (page.readyState === "complete") hide();
				else addEventListener("load", hide);
				// Nothing is known yet against whoever the page was rendered for.
				if (status !== "idle") return update();
			}
		}
		if (isClosed || (token ? scope.token && (!refresh || token === scope.token) : isGiven && !(anonymous && /out|fail/.test(status))))
			return;
		const tagged = !deliver && token;
		if (tagged && script) {
			scope.token = tagged;
			return onEvent?.("reload_required");
		}
		if (own && !script) {
			script = own;
			if (tagged) own.setAttribute(tokenAttribute, tagged);
			page.head.append(own);
		}
		act((token && deliver) || start, () => {
			start = [];
			if (token) give(token);
		});
	}

	// What is missing is said at once, not when somebody signs in.
	fill(embed, scope);
	const unsubscribe = session.subscribe(update, { fresh: () => !isClosed && isGiven && (refresh || !scope.token) });
	if (page) update();

	return {
		dispose() {
			isClosed = true;
			if (scope.token && clear) withdraw();
			clearTimeout(timer);
			// A widget that cannot be cleared still shows its user: somebody has to see when that user goes.
			if (!scope.token) unsubscribe();
		},
	};
}

import type { DeliveryCall, WidgetContract } from "./contract.ts";
import { fill, type WidgetSettings } from "./embed.ts";
import type { TokenSession, TokenState } from "./token-session.ts";

/** Options of {@link mountWidget}. */
export interface MountOptions {
	readonly session: TokenSession;
	/** The page's values for the widget, such as `apiKey` or `container`, by the names in the contract. */
	readonly settings?: WidgetSettings | undefined;
	/** Which of the contract's embeds. Default: its first. */
	readonly embed?: string | undefined;
	/** The address of the vendor's script, where it is not the documented one: a sandbox, a proxy. */
	readonly src?: string | undefined;
	/** The nonce of the page's content security policy. */
	readonly nonce?: string | undefined;
	/** Receives what happens to the widget, for a timeline. */
	readonly onEvent?: ((event: MountEvent) => void) | undefined;
	/** Loads the page anew, for a widget that keeps its user for as long as the page lives. Default: `location.reload()`. */
	readonly reload?: (() => void) | undefined;
}

/**
 * What happened to a mounted widget.
 *
 * - `delivered`: the widget got a token. `refreshed`: it got a newer one.
 * - `cleared`: the widget was told that the user has gone.
 * - `reload_required`: only a new page can give the widget another user, or none.
 * - `script_load`, `script_error`: whether the vendor's script loaded.
 */
export type MountEvent = "delivered" | "refreshed" | "cleared" | "reload_required" | `script_${string}`;

/** A widget in the page. */
export interface MountedWidget {
	/** Whether the vendor has a way to take a newer token while the page lives. */
	readonly isRefreshable: boolean;
	/** Clears the widget where the vendor has a way, and stops. */
	dispose(): void;
}

export function mountWidget({ id, delivery }: WidgetContract, options: MountOptions): MountedWidget {
	const { session, settings, embed: name = "default", nonce = "", onEvent, reload = () => location.reload() } = options;
	const embed = delivery?.embeds[name];
	if (!embed) throw new TypeError(`${id}.${name} is missing`);
	const { script: tag, deliver, clear, anonymous, refresh } = embed;
	const tokenAttribute = tag?.tokenAttribute ?? "";
	// Otherwise the widget asks for the token itself, when it needs one.
	const isGiven = deliver || tokenAttribute;
	let script: HTMLScriptElement | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let { start = [] } = embed;
	let isClosed = false;

	const hide = (): void => script?.removeAttribute(tokenAttribute);
	const give = (token: string): void => {
		onEvent?.(scope.token ? "refreshed" : "delivered");
		scope.token = token;
	};
	const resolver = async (): Promise<string> => {
		const token = isClosed ? null : await session.getToken();
		if (!token) throw new Error("signed_out");
		give(token);
		return token;
	};
	const scope: { token: string | null; [name: string]: any } = {
		...settings,
		window: globalThis,
		token: "",
		resolver,
		callback: (done: (token: string) => void) => void resolver().then(done, () => {}),
	};
	const bind = ({ on, call, with: values = [] }: DeliveryCall): (() => void) | undefined => {
		const owner = scope[on] ?? (globalThis as WidgetSettings)[on];
		return owner?.[call] && (() => owner[call](...fill(values, scope)));
	};

	function withdraw(): void {
		scope.token = "";
		hide();
		isClosed ||= !clear;
		clear?.forEach((call) => bind(call)?.());
		onEvent?.(clear ? "cleared" : "reload_required");
	}

	function update(): void {
		clearTimeout(timer);
		const { status, token: present } = session.state;
		const token = isGiven && present;
		if (isClosed && !scope.token) reload();
		if (scope.token && (status === "idle" || status === "signed_out")) withdraw();
		if (isClosed || (token ? scope.token && (!refresh || token === scope.token) : isGiven && (!anonymous || status === "idle"))) return;
		if (tag && !script) {
			const { src, attributes = {} } = fill(tag, scope);
			const settle = ({ type }: { type: string }): void => {
				hide();
				onEvent?.(`script_${type}`);
			};
			const own = Object.assign(document.createElement("script"), { src: options.src ?? src, nonce, onload: settle, onerror: settle });
			script = [...document.scripts].find((other) => other.src === own.src);
			if (script) {
				scope.token = script.getAttribute(tokenAttribute);
				if (document.readyState === "complete") hide();
				else addEventListener("load", hide);
			} else {
				script = own;
				for (const attribute in attributes) own.setAttribute(attribute, attributes[attribute]);
				if (token && !deliver) own.setAttribute(tokenAttribute, (scope.token = token));
				document.head.append(own);
			}
		}
		const calls = ((token && deliver) || start).map(bind);
		if (token && !deliver && !scope.token) {
			scope.token = token;
			onEvent?.("reload_required");
		} else if (calls.every(Boolean)) {
			start = [];
			if (token) give(token);
			calls.forEach((call) => call?.());
		} else {
			timer = setTimeout(update, 50);
		}
	}

	fill(embed, scope);
	const unsubscribe = session.subscribe(update, { fresh: () => !isClosed && isGiven && (refresh || !scope.token) });
	update();

	return {
		isRefreshable: !!refresh,
		dispose() {
			isClosed = true;
			clearTimeout(timer);
			if (scope.token && clear) withdraw();
			if (!scope.token) unsubscribe();
		},
	};
}

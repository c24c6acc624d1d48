import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Badge } from "../components/badge.tsx";
import { Chat } from "./chat.tsx";
import { Panel } from "./panel.tsx";
import type { Surface } from "./surface.ts";
import { useStore } from "./use-store.ts";
import { WhyButton } from "./why-button.tsx";

/** The whole widget. */
export function WidgetView({ surface }: { readonly surface: Surface }): JSX.Element {
	const { kind, view } = surface;
	const { isPanelOpen } = useStore(view);
	const root = useRef<HTMLDivElement>(null);
	const focusOn = (selector: string): void => root.current?.querySelector<HTMLElement>(selector)?.focus();
	const closePanel = (): void => {
		view.set({ isPanelOpen: false });
		focusOn(".why");
	};
	const closeChat = (): void => {
		view.set({ isChatOpen: false });
		focusOn(".bubble");
	};
	return (
		<div class={`widget as-${kind}`} ref={root}>
			{kind === "bubble" ? <Bubble surface={surface} onClose={closeChat} /> : null}
			{kind === "inline" ? <Chat surface={surface} /> : null}
			{kind === "frame" ? <Framed surface={surface} /> : null}
			{isPanelOpen ? <Panel surface={surface} onClose={closePanel} /> : null}
			<Announcement surface={surface} />
		</div>
	);
}

function Bubble({ surface, onClose }: { readonly surface: Surface; readonly onClose: () => void }): JSX.Element {
	const { widget, visitor, view } = surface;
	const { status, name } = useStore(visitor.state);
	const { isChatOpen } = useStore(view);
	const toggle = (): void => {
		if (isChatOpen) return onClose();
		view.set({ isChatOpen: true });
		visitor.chatOpened();
	};
	return (
		<>
			<div class="bar">
				<button type="button" class="bubble" aria-expanded={isChatOpen ? "true" : "false"} aria-controls="chat" onClick={toggle}>
					<span class="avatar" aria-hidden="true">
						{name === undefined ? "?" : ([...name][0] ?? "?").toUpperCase()}
					</span>
					<span class="bubble-text">
						<span class="unseen">{widget.name} chat: </span>
						<span class="visitor-name">{name ?? (status === "checking" ? "…" : "Visitor")}</span>
						<Badge status={status} />
					</span>
				</button>
				<WhyButton surface={surface} />
			</div>
			{isChatOpen ? <Chat surface={surface} onClose={onClose} /> : null}
		</>
	);
}

function Framed({ surface }: { readonly surface: Surface }): JSX.Element {
	const { status, name } = useStore(surface.visitor.state);
	const place = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		if (surface.frame) place.current?.replaceChildren(surface.frame);
	}, []);
	return (
		<div class="framed">
			<div class="frame-bar">
				<span class="frame-name">{surface.widget.name}</span>
				{name === undefined ? null : <span class="visitor-name">{name}</span>}
				<Badge status={status} />
				<WhyButton surface={surface} />
			</div>
			<div class="frame-place" ref={place} />
		</div>
	);
}

// Speaks when the answer to "who is the visitor" changes, and not while the vendor is asked.
function Announcement({ surface }: { readonly surface: Surface }): JSX.Element {
	const { status, name, diagnosis } = useStore(surface.visitor.state);
	const text =
		status === "checking"
			? ""
			: status === "verified"
				? `${surface.widget.name}: verified as ${name}`
				: `${surface.widget.name}: anonymous. ${diagnosis.title}`;
	return (
		<p class="unseen" role="status">
			{text}
		</p>
	);
}

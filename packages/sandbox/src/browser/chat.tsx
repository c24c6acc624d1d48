import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Badge } from "../components/badge.tsx";
import { sendMessage } from "./chat-message.ts";
import { onEscape } from "./escape.ts";
import type { Surface } from "./surface.ts";
import { useStore } from "./use-store.ts";
import { WhyButton } from "./why-button.tsx";

/** The vendor's chat. It works for an anonymous visitor as well. */
export function Chat({ surface, onClose }: { readonly surface: Surface; readonly onClose?: () => void }): JSX.Element {
	const { status, name } = useStore(surface.visitor.state);
	const { messages } = useStore(surface.view);
	const input = useRef<HTMLInputElement>(null);
	const log = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (onClose) input.current?.focus();
	}, []);
	useEffect(() => {
		log.current?.scrollTo(0, log.current.scrollHeight);
	}, [messages.length]);
	const send = (event: Event): void => {
		event.preventDefault();
		const message = input.current?.value.trim() ?? "";
		if (message === "" || input.current === null) return;
		input.current.value = "";
		void sendMessage(surface, message);
	};
	return (
		<section
			class="window chat"
			id="chat"
			role={onClose ? "dialog" : "region"}
			aria-label={`${surface.widget.name} chat`}
			onKeyDown={onEscape(onClose)}
		>
			<div class="head">
				<div class="titles">
					<h2>{surface.widget.name}</h2>
					<p class="visitor">
						{name === undefined ? null : <span class="visitor-name">{name}</span>} <Badge status={status} />
					</p>
				</div>
				{onClose ? (
					<button type="button" class="round plain" aria-label="Close the chat" onClick={onClose}>
						<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
							<path d="M4 4l8 8M12 4l-8 8" />
						</svg>
					</button>
				) : (
					<WhyButton surface={surface} />
				)}
			</div>
			<div class="log" role="log" aria-label="Conversation" tabindex={0} ref={log}>
				<p class="message from-vendor">{name === undefined ? "Hello. How can we help?" : `Hello ${name}. How can we help?`}</p>
				{messages.map(({ from, text }) => (
					<p class={`message from-${from}`}>
						<span class="unseen">{from === "visitor" ? "You: " : ""}</span>
						{text}
					</p>
				))}
			</div>
			<form onSubmit={send}>
				<input ref={input} name="message" aria-label="Message" placeholder="Write a message" autocomplete="off" maxlength={500} />
				<button type="submit" class="button">
					Send
				</button>
			</form>
		</section>
	);
}

import type { Surface } from "./surface.ts";

/** Sends a message as the vendor's widget does: with the header that marks a verified visitor, which proves nothing by itself. */
export async function sendMessage({ widget, origin, visitor, view }: Surface, message: string): Promise<void> {
	view.set({ messages: [...view.get().messages, { from: "visitor", text: message }] });
	const { status, report } = visitor.state.get();
	const isVerified = status === "verified";
	try {
		const response = await fetch(`${origin}/api/chat?widget=${encodeURIComponent(widget.id)}`, {
			method: "POST",
			headers: { "content-type": "application/json", ...(isVerified ? { [`x-${widget.id}-identity-source`]: "verified" } : {}) },
			body: JSON.stringify({ message, ...(isVerified ? { verification: report?.id } : {}) }),
			credentials: "omit",
		});
		const { reply, identitySource } = (await response.json()) as { reply: string; identitySource: string };
		view.set({ messages: [...view.get().messages, { from: "vendor", text: reply }] });
		// The vendor no longer knows the visitor, as after a change of the key.
		if (isVerified && identitySource !== "verified") visitor.recheck();
	} catch {
		view.set({ messages: [...view.get().messages, { from: "error", text: "The sandbox cannot be reached. The message was not sent." }] });
	}
}

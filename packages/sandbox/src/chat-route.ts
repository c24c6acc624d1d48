import type { Context } from "hono";
import type { KeyStore } from "./keys.ts";
import { problemResponse } from "./problem.ts";
import type { VerificationLog } from "./verification-log.ts";
import type { SandboxWidget } from "./widget.ts";

/** What the bubble sends. */
interface ChatMessage {
	readonly message: string;
	/** The id of the verification that the bubble refers to. */
	readonly verification?: string | undefined;
}

/**
 * The vendor's chat: it answers by the name that it has verified, and to an anonymous visitor as well.
 *
 * Who speaks is decided by the verification, never by the `X-…-Identity-Source` header, which any browser can send.
 */
export function createChatRoute(
	widget: SandboxWidget,
	log: VerificationLog,
	keys: KeyStore,
	now: () => number,
): (c: Context) => Promise<Response> {
	return async (c) => {
		const body = readMessage(await c.req.json<unknown>().catch(() => undefined));
		if (body === undefined) {
			return problemResponse({
				status: 400,
				code: "body_invalid",
				title: "The request's body is not a message",
				remedy: `Send JSON: { "message": "…" }, with at most ${maximumMessageLength} characters.`,
			});
		}
		const report = log.get(body.verification ?? "");
		const { id, name } = widget.contract;
		const key = keys.current(id);
		const isCurrent =
			report?.widget === id &&
			report.verified &&
			key !== undefined &&
			report.at >= key.since &&
			now() / 1000 < (report.expiresAt ?? Number.POSITIVE_INFINITY);
		const visitor = isCurrent ? report.visitor : undefined;
		return c.json({
			identitySource: visitor === undefined ? "anonymous" : "verified",
			reply:
				visitor === undefined
					? `Hello. ${name} does not know who you are, and answers all the same.`
					: `Hello ${visitor}. ${name} knows you by a verified token; you need not say who you are.`,
		});
	};
}

const maximumMessageLength = 2000;

function readMessage(body: unknown): ChatMessage | undefined {
	const { message, verification } = (body ?? {}) as Partial<Record<keyof ChatMessage, unknown>>;
	if (typeof message !== "string" || message.length > maximumMessageLength) return undefined;
	return { message, verification: typeof verification === "string" ? verification : undefined };
}

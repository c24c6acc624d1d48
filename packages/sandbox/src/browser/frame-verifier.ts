import type { VerificationReport } from "../verification-report.ts";
import { type Diagnosis, diagnoses } from "./diagnosis.ts";
import type { VerifyAnswer, VerifyToken } from "./verifier.ts";

/** What the app in the frame says to the page. */
export type FrameMessage =
	| { readonly type: "token_wanted" }
	| ({ readonly type: "token_verified"; readonly request: number } & VerifyAnswer);
/** What the page says to the app in the frame. */
export type PageMessage = { readonly type: "token"; readonly request: number; readonly token: string } | { readonly type: "cleared" };

/**
 * Hands tokens to the vendor's app in a frame: the app asks for one, and is given it only if the message comes from this very
 * frame and from the app's own origin; the token is addressed to that origin.
 */
export function createFrameVerifier(
	frame: HTMLIFrameElement,
	appOrigin: string,
): { readonly verify: VerifyToken; clear(): void; close(): void } {
	const life = new AbortController();
	const waiting = new Map<number, (answer: VerifyAnswer) => void>();
	let held: Extract<PageMessage, { type: "token" }> | undefined;
	let requests = 0;
	let isReady = false;

	const tell = (): void => {
		if (isReady) frame.contentWindow?.postMessage(held ?? ({ type: "cleared" } satisfies PageMessage), appOrigin);
	};
	addEventListener(
		"message",
		({ source, origin, data }: MessageEvent<FrameMessage | null>) => {
			if (source !== frame.contentWindow || origin !== appOrigin || typeof data !== "object" || data === null) return;
			if (data.type === "token_wanted") {
				isReady = true;
				tell();
			} else if (data.type === "token_verified") {
				waiting.get(data.request)?.(readAnswer(data));
				waiting.delete(data.request);
			}
		},
		{ signal: life.signal },
	);
	return {
		verify: (token) =>
			new Promise((settle) => {
				requests += 1;
				held = { type: "token", request: requests, token };
				waiting.set(requests, settle);
				tell();
			}),
		clear: () => {
			held = undefined;
			tell();
		},
		close: () => life.abort(),
	};
}

function readAnswer(data: { readonly report?: VerificationReport; readonly problem?: Diagnosis }): VerifyAnswer {
	if (data.report !== undefined) return { report: data.report };
	return { problem: data.problem ?? diagnoses.sandboxProblem("the app in the frame gave no answer", "Load the page again.") };
}

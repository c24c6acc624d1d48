import type { FrameMessage, PageMessage } from "./frame-verifier.ts";
import { createVerifier } from "./verifier.ts";

// The vendor's app in the frame: asks the page for its token, and the vendor's server who that is.
const widget = document.documentElement.dataset.widget ?? "";
const verify = createVerifier(location.origin, widget);
const place = document.getElementById("visitor");
let last = 0;

addEventListener("message", async ({ source, origin, data }: MessageEvent<PageMessage | null>) => {
	if (source !== window.parent || typeof data !== "object" || data === null) return;
	if (data.type === "cleared") {
		last += 1;
		show(undefined);
		return;
	}
	if (data.type !== "token" || typeof data.token !== "string") return;
	last += 1;
	const mine = last;
	const answer = await verify(data.token, undefined);
	// The result goes back to the page that gave the token, and to no other.
	window.parent.postMessage({ type: "token_verified", request: data.request, ...answer } satisfies FrameMessage, origin);
	if (mine === last) show("report" in answer ? answer.report.visitor : undefined);
});

// It holds nothing, so it may go to any page; the page's answer is what counts.
if (window.parent !== window) window.parent.postMessage({ type: "token_wanted" } satisfies FrameMessage, "*");
else show(undefined);

function show(name: string | undefined): void {
	if (place) place.textContent = name === undefined ? "You are not signed in here." : `Signed in as ${name}.`;
}

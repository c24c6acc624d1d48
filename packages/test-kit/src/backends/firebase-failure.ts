import type { ServerResponse } from "node:http";

/** How a backend misbehaves: hold every answer back, refuse connections, answer 429, answer a web page. */
export type FirebaseFailure = "slow" | "down" | "rate-limited" | "html";

/** Makes a server misbehave; refusing connections is left to the server. */
export interface FailureSwitch {
	readonly current: FirebaseFailure | undefined;
	set(failure: FirebaseFailure | undefined): void;
	/** Answers in the place of the server where the failure says so, and tells whether it did. */
	intercept(response: ServerResponse): Promise<boolean>;
}

/** A switch that is off; what "slow" holds back is let go when the failure changes. */
export function createFailureSwitch(): FailureSwitch {
	const held = new Set<() => void>();
	let current: FirebaseFailure | undefined;
	return {
		get current() {
			return current;
		},
		set(failure) {
			current = failure;
			for (const release of held) release();
			held.clear();
		},
		async intercept(response) {
			if (current === "slow") await new Promise<void>((resolve) => held.add(resolve));
			if (current === "rate-limited") response.writeHead(429, { "content-type": "application/json", "retry-after": "17" }).end(quotaError);
			else if (current === "html") response.writeHead(200, { "content-type": "text/html" }).end(webPage);
			else return false;
			return true;
		},
	};
}

const quotaError = JSON.stringify({ error: { code: 429, message: "QUOTA_EXCEEDED", status: "RESOURCE_EXHAUSTED" } });
// It quotes firebase-admin, which puts the page into the message that tells a bad token from an outage.
const webPage = "<!doctype html><title>Sign in to the network</title>Firebase ID token has no way out. Firebase session cookie has none.";

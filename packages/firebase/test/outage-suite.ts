import type { TokenHandler } from "@widget-token/core";
import { type GoogleStandIn, startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { bestChatBot } from "@widget-token/widgets";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Answer, bearer, cookie, createWitness, env, type Witness } from "./asking.ts";
import type { CreateHandler } from "./production-suite.ts";

/** What both ways to read Firebase's users must do while Google cannot be asked for its keys. */
export function describeOutages(name: string, createHandler: CreateHandler): void {
	describe(`${name}, outages`, () => {
		let google: GoogleStandIn;
		let witness: Witness;
		const create = (timeoutSeconds = 5): TokenHandler =>
			createHandler(google, { widgets: [bestChatBot], env, onEvent: witness.onEvent, sessionCookie: "__session", timeoutSeconds });
		const ask = (request: Request, to: TokenHandler): Promise<Answer> => witness.ask(to, request);
		beforeAll(async () => {
			google = await startGoogleStandIn();
			witness = createWitness();
		});
		afterAll(async () => {
			witness.release();
			await google.close();
		});

		describe.each(["slow", "down", "rate-limited", "html"] as const)("while Google is %s", (failure) => {
			it.each([
				["an ID token", () => bearer(google.idToken())],
				["a session cookie", () => cookie(google.sessionCookie())],
			])("answers 503 to %s, and a token as soon as Google is back", async (_, request) => {
				const fresh = create(0.25);
				google.fail(failure);
				try {
					const answer = await ask(request(), fresh);
					expect(answer).toMatchObject({
						status: 503,
						code: failure === "slow" ? "provider_timeout" : "provider_unavailable",
						token: null,
					});
					expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
				} finally {
					google.restore();
				}
				await vi.waitFor(
					async () => expect(await ask(request(), fresh)).toMatchObject({ status: 200, claims: { user_id: "ada-uid" } }),
					10_000,
				);
			});

			it("still verifies with the keys that it has, and still refuses", async () => {
				const warm = create();
				await ask(bearer(google.idToken()), warm);
				google.fail(failure);
				try {
					expect(await ask(bearer(google.idToken()), warm)).toMatchObject({ status: 200 });
					expect(await ask(bearer(google.idToken({ aud: "another-project" })), warm)).toMatchObject({
						status: 401,
						code: "credential_invalid",
					});
				} finally {
					google.restore();
				}
			});
		});
	});
}

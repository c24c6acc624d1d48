import { WidgetTokenError } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";
import { DynamicServerError } from "next/dist/client/components/hooks-server-context.js";
import { BailoutToCSRError } from "next/dist/shared/lib/lazy-dynamic/bailout-to-csr.js";
import { forbidden, notFound, permanentRedirect, redirect, unauthorized, unstable_rethrow } from "next/navigation.js";
import { expect, test } from "vitest";

function thrownBy(run: () => unknown): unknown {
	try {
		run();
	} catch (error) {
		return error;
	}
	throw new Error("nothing was thrown");
}

function nextWouldRethrow(error: unknown): boolean {
	try {
		unstable_rethrow(error);
		return false;
	} catch {
		return true;
	}
}

const selfCaused = new Error("circular");
selfCaused.cause = selfCaused;

test.each([
	["redirect()", thrownBy(() => redirect("/sign-in")), true],
	["permanentRedirect()", thrownBy(() => permanentRedirect("/sign-in")), true],
	["notFound()", thrownBy(notFound), true],
	["forbidden()", withExperimentalInterrupts(forbidden), true],
	["unauthorized()", withExperimentalInterrupts(unauthorized), true],
	["dynamic usage while a page is prerendered", new DynamicServerError("headers"), true],
	["a bail-out to the browser", new BailoutToCSRError("reason"), true],
	["control flow behind another error", new Error("wrapped", { cause: thrownBy(notFound) }), true],
	["an ordinary error", new Error("NEXT_REDIRECT"), false],
	["an error with a digest of React's", Object.assign(new Error("hashed"), { digest: "1862355716" }), false],
	["an error of ours", new WidgetTokenError("user_disabled"), false],
	["nothing", undefined, false],
	["a text", "NEXT_REDIRECT", false],
])("%s is told apart as Next itself does", (_name, error, expected) => {
	expect(nextWouldRethrow(error)).toBe(expected);
	expect(isNextControlFlow(error)).toBe(expected);
});

test("an error that is its own cause comes to an end", () => {
	expect(isNextControlFlow(selfCaused)).toBe(false);
});

function withExperimentalInterrupts(run: () => unknown): unknown {
	process.env["__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS"] = "true";
	try {
		return thrownBy(run);
	} finally {
		delete process.env["__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS"];
	}
}

import { expect, it } from "vitest";
import { renderFailures } from "../src/failures.ts";
import { clerk } from "../src/providers/clerk.ts";

it("writes what an app answers and logs without what could move the cursor or turn the text", () => {
	const hostile = "a\u001b[2J\u001b]0;title\u0007b\u009b1mc\u202ed\u2066e\r";
	const failure = { provider: clerk, what: "BestChatBot", findings: [{ about: "answer", expected: "200", got: hostile }], look: ["here"] };
	const text = renderFailures([failure], () => `one\n${hostile}`);
	for (const sequence of ["[2J", "\u0007", "\u009b", "\u202e", "\u2066", "\r"]) expect(text).not.toContain(sequence);
	expect(text).toContain("\\u{202e}d");
});

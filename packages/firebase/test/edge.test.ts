import { createFirebaseIdentify, createFirebaseTokenHandler } from "@widget-token/firebase/edge";
import { describe, expect, it } from "vitest";
import { describeProduction } from "./production-suite.ts";

describeProduction("at the edge", ({ projectId, fetch }, options) => createFirebaseTokenHandler({ projectId, fetch, ...options }));

describe("the options at the edge", () => {
	it.each(["", " ", "my/project"])("refuse the project %j", (projectId) => {
		expect(() => createFirebaseIdentify({ projectId })).toThrow(expect.objectContaining({ code: "options_invalid" }));
	});
});

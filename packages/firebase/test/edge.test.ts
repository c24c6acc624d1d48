import { createFirebaseIdentify, createFirebaseTokenHandler } from "@widget-token/firebase/edge";
import { startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { hilal } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { bearer, env } from "./asking.ts";
import { describeOutages } from "./outage-suite.ts";
import { type CreateHandler, describeProduction } from "./production-suite.ts";

const createHandler: CreateHandler = ({ projectId, fetch }, options) => createFirebaseTokenHandler({ projectId, fetch, ...options });
describeProduction("at the edge", createHandler);
describeOutages("at the edge", createHandler);

describe("the options at the edge", () => {
	it.each(["", " ", "my/project"])("refuse the project %j", (projectId) => {
		expect(() => createFirebaseIdentify({ projectId })).toThrow(expect.objectContaining({ code: "options_invalid" }));
	});
});

it("passes on when Google says to ask again", async () => {
	const google = await startGoogleStandIn();
	try {
		const handler = createFirebaseTokenHandler({
			projectId: google.projectId,
			fetch: google.fetch,
			widget: hilal,
			env,
			onEvent: () => undefined,
		});
		google.fail("rate-limited");
		const response = await handler(bearer(google.idToken(), "hilal"));
		expect(response.status).toBe(503);
		expect(response.headers.get("retry-after")).toBe("17");
	} finally {
		await google.close();
	}
});

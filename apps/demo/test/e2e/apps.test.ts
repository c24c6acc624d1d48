import { afterAll, beforeAll, describe } from "vitest";
import { describeOutage } from "./outage.ts";
import { describePages } from "./pages.ts";
import { type Stage, startStage } from "./stage.ts";
import { describeVisitors } from "./visitors.ts";
import { describeWidgets } from "./widgets.ts";

// One start of everything for all of them: the apps, the providers' backends, the sandbox and the browser.
describe("the apps in Chromium", { timeout: 90_000 }, () => {
	let started: Stage | undefined;
	beforeAll(async () => {
		started = await startStage();
	}, 120_000);
	afterAll(() => started?.close());
	const stage = (): Stage => {
		if (started === undefined) throw new Error("Nothing has been started");
		return started;
	};
	describeVisitors(stage);
	describeWidgets(stage);
	describePages(stage);
	describeOutage(stage);
});

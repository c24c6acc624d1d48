import type { Reporter, TestModule } from "vitest/node";
import type { LeftOut } from "./system-programs.ts";

/** Closes a run with one line of figures. In CI a skipped test fails the run: the machine there has all that a test needs. */
export class SummaryReporter implements Reporter {
	readonly #leftOut: readonly LeftOut[];

	constructor(leftOut: readonly LeftOut[]) {
		this.#leftOut = leftOut;
	}

	onTestRunEnd(modules: readonly TestModule[]): void {
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const named = (state: string): string[] =>
			tests.filter((test) => test.result().state === state).map((test) => `${test.project.name}: ${test.fullName}`);
		const skipped = [...named("skipped"), ...named("pending")];
		if (skipped.length > 0 && process.env.CI !== undefined) {
			console.log(`\nSkipped, which CI does not allow:\n${skipped.map((name) => `  ${name}`).join("\n")}`);
			process.exitCode = 1;
		}
		for (const { files, missing } of this.#leftOut) console.log(`\nnot run, for this machine lacks ${missing.join(", ")}: ${files}`);
		console.log(`\ntests: ${named("passed").length} passed, ${named("failed").length} failed, ${skipped.length} skipped`);
	}
}

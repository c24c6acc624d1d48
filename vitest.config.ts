import { globSync } from "node:fs";
import { basename, dirname } from "node:path";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./scripts/summary-reporter.ts";
import { findTestsWithoutTheirProgram } from "./scripts/system-programs.ts";

// The packages resolve each other from source, so that a test needs no build before it.
const source = "@widget-token/source";

const leftOut = findTestsWithoutTheirProgram();

export default defineConfig({
	resolve: { conditions: [source, ...defaultClientConditions] },
	ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
	test: {
		reporters: ["default", new SummaryReporter(leftOut)],
		testTimeout: 30_000,
		hookTimeout: 90_000,
		projects: globSync(["packages/*/test", "apps/*/test", "docs/test"]).map((folder) => {
			const root = dirname(folder);
			const exclude = leftOut.filter(({ files }) => files.startsWith(`${root}/`)).map(({ files }) => files.slice(root.length + 1));
			return { extends: true as const, test: { name: basename(root), root, include: ["test/**/*.test.{ts,tsx}"], exclude } };
		}),
	},
});

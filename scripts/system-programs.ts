import { globSync } from "node:fs";

// Programs and libraries of Debian that some tests run for real; .ci/run installs their packages.
const chromium = "/usr/bin/chromium";
const redis = "/usr/bin/redis-server";
const php = "/usr/bin/php";
const pyJwt = "/usr/lib/python3/dist-packages/jwt";
const django = "/usr/lib/python3/dist-packages/django";
const rubyJwt = "/usr/share/rubygems-integration/all/gems/jwt-*";
const golangJwt = "/usr/share/gocode/src/github.com/golang-jwt/jwt";
const golangUuid = "/usr/share/gocode/src/github.com/google/uuid";

const needs: Readonly<Record<string, readonly string[]>> = {
	"packages/core/test/redis.test.ts": [redis],
	"packages/client/test/{delivery-*,react}.test.ts": [chromium],
	"apps/demo/test/hub.test.ts": [chromium],
	"packages/sandbox/test/{accessibility,client,dashboard,own-contract,panel,trial-page,vendor-apis}.test.ts": [chromium],
	"packages/cli/test/recipes.test.ts": [php, pyJwt, rubyJwt, golangJwt, golangUuid],
	"packages/cli/test/recipe-django.test.ts": [pyJwt, django],
	"packages/cli/test/recipe-wordpress.test.ts": [php],
	"packages/cli/test/init-next-app.test.ts": [chromium],
	"apps/demo/test/e2e/**/*.test.ts": [chromium],
};

/** Test files, as a pattern, that this machine cannot run, and what it lacks for them. */
export interface LeftOut {
	readonly files: string;
	readonly missing: readonly string[];
}

/** What this machine lacks a program for; in CI nothing, so that those tests fail there instead. */
export function findTestsWithoutTheirProgram(): LeftOut[] {
	if (process.env.CI !== undefined) return [];
	return Object.entries(needs)
		.map(([files, paths]) => ({ files, missing: paths.filter((path) => !isInstalled(path)) }))
		.filter(({ missing }) => missing.length > 0);
}

function isInstalled(path: string): boolean {
	return globSync(path).length > 0;
}

import { globSync } from "node:fs";

// Programs and libraries of Debian that some tests run for real; .ci/run installs their packages.
const chromium = "/usr/bin/chromium";
const redis = "/usr/bin/redis-server";
const php = "/usr/bin/php";
const pyJwt = "/usr/lib/python3/dist-packages/jwt";
const django = "/usr/lib/python3/dist-packages/django";
const rubyJwt = "/usr/share/rubygems-integration/all/gems/jwt-*";
const golangJwt = "/usr/share/gocode/src/github.com/golang-jwt/jwt";

const needs: Readonly<Record<string, readonly string[]>> = {
	"packages/core/test/redis.test.ts": [redis],
	"packages/client/test/delivery-*.test.ts": [chromium],
	"packages/sandbox/test/{accessibility,client,dashboard,own-contract,panel,vendor-apis}.test.ts": [chromium],
	"packages/cli/test/recipes.test.ts": [php, pyJwt, rubyJwt, golangJwt],
	"packages/cli/test/recipe-django.test.ts": [pyJwt, django],
	"packages/cli/test/recipe-wordpress.test.ts": [php],
	"apps/demo/test/e2e/**/*.test.ts": [chromium],
};

/**
 * The test files that this machine lacks a program for, as patterns; in CI none, so that they fail there instead.
 *
 * They are told on the console: what was left out was not tested.
 */
export function findTestsWithoutTheirProgram(): string[] {
	if (process.env.CI !== undefined) return [];
	const leftOut = Object.entries(needs).filter(([, paths]) => !paths.every(isInstalled));
	for (const [files, paths] of leftOut)
		console.warn(`Left out ${files}: ${paths.filter((path) => !isInstalled(path)).join(", ")} is not installed`);
	return leftOut.map(([files]) => files);
}

function isInstalled(path: string): boolean {
	return globSync(path).length > 0;
}

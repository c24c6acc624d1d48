import { describe, expect, test } from "vitest";
import { matchesPath, readMatchers } from "../../src/doctor/route-matcher.ts";
import { isInRange } from "../../src/doctor/version-range.ts";

describe("a middleware's matcher", () => {
	test.each([
		["no config", "export default f;", "all"],
		["a config without a matcher", "export const config = { runtime: 'edge' };", "all"],
		["one text", "export const config = { matcher: '/api/:path*' };", ["/api/:path*"]],
		["a list with comments", 'export const config = {\n matcher: [ // it\'s here\n \'/a\', /* or "there" */ "/b",\n ],\n};', ["/a", "/b"]],
		[
			"objects with conditions",
			"export const config: C = { matcher: [{ source: '/a', has: [{ type: 'header', key: 'x' }] }, '/b'] } as const",
			["/a", "/b"],
		],
		["escapes", "export const config = { matcher: ['/((?!.*\\\\.png$).*)'] };", ["/((?!.*\\.png$).*)"]],
		["a variable", "export const config = { matcher: paths };", undefined],
	])("is read from %s", (_, source, expected) => {
		expect(readMatchers(source)).toEqual(expected);
	});

	// As path-to-regexp 6 has it, which Next.js documents.
	test.each([
		["/api/:path*", "/api", true],
		["/api/:path*", "/api/widget-token", true],
		["/api/:path*", "/apis", false],
		["/api/:path+", "/api", false],
		["/api/:path", "/api/a/b", false],
		["/api/:path?", "/api", true],
		["/(api|trpc)(.*)", "/api/widget-token", true],
		["/(api|trpc)(.*)", "/other", false],
		["/((?!api|_next).*)", "/api/widget-token", false],
		["/((?!api|_next).*)", "/chat", true],
		["/((?!.*\\..*|_next).*)", "/api/widget-token", true],
		["/:locale(en|de)/api/(.*)", "/de/api/x", true],
		["/:locale(en|de)/api/(.*)", "/fr/api/x", false],
		["/api/widget-token", "/api/widget-token/", true],
		["/a.c", "/abc", false],
		["/", "/api", false],
	])("%s for %s: %s", (pattern, path, expected) => {
		expect(matchesPath(pattern, path)).toBe(expected);
	});

	test("that cannot be read says nothing", () => {
		expect(matchesPath("/(api", "/api")).toBeUndefined();
		expect(matchesPath("/{api}?", "/api")).toBeUndefined();
	});
});

describe("a range of versions", () => {
	test.each([
		["14.5.1", "^13.0.0 || ^14.0.0", true],
		["12.9.9", "^13.0.0 || ^14.0.0", false],
		["15.0.0", "^13.0.0 || ^14.0.0", false],
		["0.12.7", ">=0.8.0", true],
		["0.9.0", "^0.8.1", false],
		["0.8.4", "^0.8.1", true],
		["1.2.9", "~1.2.3", true],
		["1.3.0", "~1.2.3", false],
		["16.0.0-canary.3", ">=16.0.0", true],
		["2.5.0", ">= 2.0.0 < 3", true],
		["3.0.0", ">=2.0.0 <3.0.0", false],
		["14.9.0", "14.x", true],
		["14.9.0", "*", true],
		["1.0.0", "workspace:*", undefined],
		["next", "^1.0.0", undefined],
	])("%s in %s: %s", (version, range, expected) => {
		expect(isInRange(version, range)).toBe(expected);
	});
});

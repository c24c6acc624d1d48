type Version = readonly [major: number, minor: number, patch: number];
type Test = (version: Version) => boolean;

/**
 * Whether a version is in a range of package.json; undefined for what is not a semver range, such as a URL.
 *
 * As semver has it, but a pre-release counts as its release.
 */
export function isInRange(version: string, range: string): boolean | undefined {
	const parsed = readVersion(version);
	if (parsed === undefined) return undefined;
	const alternatives = range.split("||").map((alternative) => readComparators(alternative.trim()));
	if (alternatives.includes(undefined)) return undefined;
	return alternatives.some((tests) => tests?.every((test) => test(parsed)));
}

function readVersion(text: string): Version | undefined {
	const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text);
	return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

function readComparators(text: string): readonly Test[] | undefined {
	const tests: Test[] = [];
	for (const part of text.replace(/([<>=~^]+)\s+/g, "$1").split(/\s+/)) {
		const match = /^(\^|~|>=|<=|>|<|=)?v?(\d+|[xX*])?(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+].*)?$/.exec(part);
		if (match === null) return undefined;
		const numbers = match.slice(2, 5).map((digits) => (digits === undefined || /\D/.test(digits) ? undefined : Number(digits)));
		tests.push(createTest(match[1] ?? "=", numbers));
	}
	return tests;
}

function createTest(operator: string, [major, minor, patch]: readonly (number | undefined)[]): Test {
	if (major === undefined) return () => true;
	const lowest: Version = [major, minor ?? 0, patch ?? 0];
	const next: Version = minor === undefined ? [major + 1, 0, 0] : patch === undefined ? [major, minor + 1, 0] : [major, minor, patch + 1];
	switch (operator) {
		case ">=":
			return (version) => compare(version, lowest) >= 0;
		case ">":
			return (version) => compare(version, next) >= 0;
		case "<":
			return (version) => compare(version, lowest) < 0;
		case "<=":
			return (version) => compare(version, next) < 0;
		case "~":
			return within(lowest, minor === undefined ? [major + 1, 0, 0] : [major, minor + 1, 0]);
		case "^":
			return within(
				lowest,
				major > 0 || minor === undefined ? [major + 1, 0, 0] : minor > 0 || patch === undefined ? [0, minor + 1, 0] : [0, 0, patch + 1],
			);
		default:
			return within(lowest, next);
	}
}

function within(lowest: Version, above: Version): Test {
	return (version) => compare(version, lowest) >= 0 && compare(version, above) < 0;
}

function compare(a: Version, b: Version): number {
	return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEnvValue, parseEnvFile, readEnvValue, setEnvValue } from "../src/env-file.ts";

describe("an env file", () => {
	test("is read as dotenv reads it", () => {
		const text = [
			"\ufeffFIRST=1",
			"# COMMENTED=no",
			"export EXPORTED = two words # a comment",
			"SINGLE='a # b'",
			'DOUBLE="a\\nb" # c',
			'BACKTICK=`it\'s "this"`',
			'MULTI="one',
			'two"',
			"EMPTY=",
			"NOT A VARIABLE",
			"  INDENTED=yes\r",
			'OPEN="no end',
			"TWICE=1",
			"TWICE=2",
		].join("\n");
		expect(Object.fromEntries(parseEnvFile(text).map(({ name, value }) => [name, value]))).toEqual({
			FIRST: "1",
			EXPORTED: "two words",
			SINGLE: "a # b",
			DOUBLE: "a\nb",
			BACKTICK: 'it\'s "this"',
			MULTI: "one\ntwo",
			EMPTY: "",
			INDENTED: "yes",
			OPEN: '"no end',
			TWICE: "2",
		});
	});

	test.each([
		["in place, before its comment", "A=1\nKEY=old # why\nB=2", "A=1\nKEY=new # why\nB=2"],
		["in place of an empty value", "KEY=\r\nB=2\r\n", "KEY=new\r\nB=2\r\n"],
		["in place of an empty value with a comment", "KEY=# why\n", "KEY=new # why\n"],
		["in place of a value over several lines", 'KEY="a\nb"\nB=2\n', "KEY=new\nB=2\n"],
		["for the last of several", "KEY=1\nKEY=2\n", "KEY=1\nKEY=new\n"],
		["behind export", "export KEY='old'\n", "export KEY=new\n"],
		["at the end, with the file's own line break", "A=1\r\nB=2", "A=1\r\nB=2\r\nKEY=new\r\n"],
		["into an empty file", "", "KEY=new\n"],
		["beside a comment that names it", "# KEY=old\n", "# KEY=old\nKEY=new\n"],
	])("gets a value %s", (_, before, after) => {
		expect(setEnvValue(before, "KEY", "new")).toBe(after);
	});

	test("gives back every value that it takes, and keeps all other lines", () => {
		const lines = fc.array(fc.constantFrom("A=1", "# note", "", "B='x # y'", 'C="1\n2"', "export D=4", "junk", "E=é"), { maxLength: 6 });
		const value = fc.oneof(
			fc.stringMatching(/^[ -~]{1,40}$/),
			fc.constant("-----BEGIN PRIVATE KEY-----\nMIIB+/=\n-----END PRIVATE KEY-----"),
		);
		fc.assert(
			fc.property(lines, fc.constantFrom("\n", "\r\n"), fc.boolean(), value, (before, lineBreak, ends, secret) => {
				let written: string;
				try {
					written = formatEnvValue(secret);
				} catch {
					return;
				}
				const text = before.join(lineBreak) + (ends ? lineBreak : "");
				const after = setEnvValue(text, "KEY", secret);
				expect(readEnvValue(after, "KEY")).toBe(secret);
				expect(after.startsWith(text)).toBe(true);
				expect(after).toContain(`KEY=${written}`);
				expect(setEnvValue(setEnvValue(text, "KEY", "other"), "KEY", secret)).toBe(after);
			}),
		);
	});

	test("refuses the few values that it cannot carry, instead of breaking them", () => {
		expect(() => formatEnvValue(`'"\n\\n`)).toThrow(/env file cannot carry/);
	});
});

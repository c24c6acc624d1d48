import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJson, parseJsonObject } from "../src/verify/strict-json.ts";

describe("the strict reading of JSON", () => {
	const document = fc.jsonValue({ maxDepth: 6 });
	const space = fc.constantFrom("", " ", "\n", "\r\n\t ");

	it("takes every object that JSON.stringify writes, and reads it as JSON.parse does", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string({ unit: "binary" }), document), fc.constantFrom(undefined, 1, "\t"), (value, indentation) => {
				const text = JSON.stringify(value, null, indentation);
				expect(parseJsonObject(text)).toEqual(JSON.parse(text));
			}),
			{ numRuns: 2_000 },
		);
	});

	it("refuses a name that comes twice, wherever and however it is written", () => {
		const name = fc.string({ unit: "binary", maxLength: 6 });
		const escaped = (text: string): string =>
			`"${Array.from({ length: text.length }, (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`).join("")}"`;
		fc.assert(
			fc.property(
				name,
				fc.dictionary(name, document),
				document,
				document,
				space,
				fc.array(fc.boolean(), { maxLength: 8 }),
				(twice, others, first, second, gap, path) => {
					const { [twice]: _, ...rest } = others;
					const inner = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}:${gap}${JSON.stringify(value)}`);
					const members = [
						`${JSON.stringify(twice)}${gap}:${JSON.stringify(first)}`,
						...inner,
						`${escaped(twice)}:${JSON.stringify(second)}`,
					];
					const wrap = (text: string): string =>
						path.reduce((wrapped, isObject) => (isObject ? `{"a:\\"":${gap}${wrapped}}` : `[${wrapped},1]`), text);
					expect(parseJsonObject(`{"x":${wrap(`{${members.join(`${gap},`)}}`)}}`)).toBe("duplicate");
					expect(parseJsonObject(`{"x":${wrap(`{${members.slice(1).join(`${gap},`)}}`)}}`)).toBeTypeOf("object");
				},
			),
			{ numRuns: 2_000 },
		);
	});

	it("refuses whatever JSON.parse refuses", () => {
		const nearJson = fc
			.array(
				fc.constantFrom("{", "}", "[", "]", ":", ",", '"', "\\", "a", "0", "-", ".", "e", " ", "true", "null", '"a":', '"\\""', "\\u0061"),
				{ maxLength: 14 },
			)
			.map((parts) => `{${parts.join("")}}`);
		const isReadable = (text: string): boolean => {
			try {
				JSON.parse(text);
				return true;
			} catch {
				return false;
			}
		};
		fc.assert(
			fc.property(nearJson, (text) => {
				const read = parseJsonObject(text);
				if (!isReadable(text)) expect(read).toBe("invalid");
				else if (typeof read === "object") expect(read).toEqual(JSON.parse(text));
				else expect(read).toBe("duplicate");
			}),
			{ numRuns: 20_000 },
		);
	});

	it("reads documents of any kind where one is asked for", () => {
		for (const text of ["1", '"a"', "null", "[]", '[{"a":1},{"a":1}]', "{}"]) expect(isJson(text), text).toBe(true);
		for (const text of ["", "1,2", '1,"a":2', '{"a":1,"a":1}', '[{"a":1,"a":1}]', "NaN"]) expect(isJson(text), text).toBe(false);
	});
});

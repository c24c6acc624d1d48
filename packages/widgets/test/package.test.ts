import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const require = createRequire(import.meta.url);

describe("the package", () => {
	it("offers the schema and the vectors by name", () => {
		expect(require("@widget-token/widgets/contract.schema.json")).toHaveProperty("title", "Widget contract");
		for (const id of ["onpilot", "bestchatbot", "hilal", "jupid", "customgpt"])
			expect(require(`@widget-token/widgets/vectors/${id}.json`)).toHaveProperty("contract", id);
	});

	it("ships them", async () => {
		const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"], {
			cwd: fileURLToPath(new URL("..", import.meta.url)),
		});
		const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
		const paths = files.map(({ path }) => path);
		expect(paths).toEqual(
			expect.arrayContaining(["contract.schema.json", "vectors/README.md", "vectors/onpilot.json", "vectors/customgpt.json"]),
		);
		expect(paths.filter((path) => /^(?:src|test|scripts)\//.test(path))).toEqual([]);
	});
});

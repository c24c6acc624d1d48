import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as widgets from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { createFolder, runCli } from "./run-cli.ts";

const contracts = Object.values(widgets);

describe("list", () => {
	test("names every widget with the variable of its key", async () => {
		const { exitCode, stdout } = await runCli(["list"]);
		expect(exitCode).toBe(0);
		for (const { id, name, key } of contracts) expect(stdout).toMatch(new RegExp(`^${id} +${name} .*${key.env}`, "m"));
		const data = JSON.parse((await runCli(["list", "--json"])).stdout) as { id: string }[];
		expect(data.map(({ id }) => id).sort()).toEqual(contracts.map(({ id }) => id).sort());
	});
});

describe("show", () => {
	test.each(contracts.map((contract) => [contract.id, contract] as const))(
		"%s tells its claims, settings and key; with --json it is the contract",
		async (id, contract) => {
			const { stdout } = await runCli(["show", id]);
			const names = contract.scheme === "jwt" ? Object.keys(contract.claims) : [];
			for (const word of [
				...names,
				...Object.values(contract.settings ?? {}).map(({ env }) => env),
				contract.key.env,
				contract.algorithm,
				...contract.documentation,
			]) {
				expect(stdout).toContain(word);
			}
			expect(JSON.parse((await runCli(["show", id, "--json"])).stdout)).toEqual(contract);
		},
	);

	test("takes a contract of one's own by --contract, or by its path", async () => {
		const { stdout } = await runCli(["show", "hilal", "--json"]);
		const folder = createFolder({ "mine.json": stdout.replace('"hilal"', '"mine"') });
		for (const args of [
			["show", "--contract", "mine.json"],
			["show", "./mine.json"],
		]) {
			const own = await runCli(args, { cwd: folder });
			expect(own.exitCode).toBe(0);
			expect(own.stdout).toContain("(mine)");
		}
	});

	test("names what is wrong with a contract of one's own", async () => {
		const folder = createFolder({ "broken.json": "{", "wrong.json": '{"scheme":"jwt","id":"Mine"}' });
		const failures = [
			["missing.json", "contract_unreadable"],
			["broken.json", "contract_not_json"],
			["wrong.json", "contract_invalid"],
		] as const;
		for (const [file, code] of failures) {
			const { exitCode, stdout } = await runCli(["show", "--contract", file, "--json"], { cwd: folder });
			expect(exitCode).toBe(3);
			expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
		}
		writeFileSync(join(folder, "escape.json"), JSON.stringify({ scheme: "jwt", "\u001b[2J": 1 }));
		expect((await runCli(["show", "./escape.json"], { cwd: folder })).all).not.toContain("\u001b[2J");
	});
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMint, defineContract } from "@widget-token/core";
import { describe, expect, test } from "vitest";
import { recipeLanguages, recipeProviders } from "../src/recipes/languages.ts";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

// What a contract from somebody else may hold: it clears the screen, sets the window's title, forges one of our own marks
// in our own colours and on a line of its own, reorders the line, and hides text.
const hostile =
	"\u001b[2J\u001b]0;owned\u0007\u009b31m\u001b[32mFORGED\u001b[39m\r\u0008\u007f\u202eesrever\u2066\u200b\u2060\u3164\u{e0041}\u2028\n✓ FORGED";

const contract = {
	id: "mine",
	name: `Mine ${hostile}`,
	documentation: [`https://docs.example.com/\u001b[31m\u202e\u0007`],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "MINE_SECRET", encoding: "utf8" },
	settings: { tenant: { env: "MINE_TENANT", description: `The tenant ${hostile}`, default: `t ${hostile}` } },
	claims: {
		sub: { from: "identity", field: "id", required: true },
		name: { from: "identity", field: "name" },
		tenant: { from: "constant", value: { [hostile]: [hostile] } },
		role: { from: "role", type: "string", oneOf: [hostile, "plain"] },
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 600, maximumSeconds: 3600 },
	delivery: {
		settings: { page: { description: `The page ${hostile}` } },
		embeds: {
			default: {
				script: { src: "https://widget.example.com/w.js", attributes: { "data-x": hostile } },
				deliver: [{ on: "Mine", call: "setToken", with: ["{token}", hostile, "{page}"] }],
			},
		},
	},
};

const escapeCharacter = "\u001b";
const sgr = new RegExp(`${escapeCharacter}\\[(?:1|2|22|31|32|33|36|39)m`, "g");
// Everything that a terminal obeys or hides, and what reorders source code (CVE-2021-42574).
const dangerous = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]|(?![\n\t])\p{Cc}/u;

function expectHarmless(text: string, about: string): void {
	expect(dangerous.exec(text.replace(sgr, "")), about).toBeNull();
	expect(text, about).not.toContain(`${escapeCharacter}[32mFORGED`);
	expect(text, about).not.toMatch(/^\s*✓ FORGED/m);
}

// The sandbox's pages are JSX, which Node runs only after its build.
const built = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const providers = recipeProviders.slice(0, 1);
const calls: readonly (readonly string[])[] = [
	["show"],
	["secret"],
	["secret", "--print"],
	["mint", "--id", "u_1", "--name", hostile, "--role", "plain"],
	["mint", "--id", "u_1", "--role", hostile],
	["mint", "--id", hostile],
	["verify", "--token-file", "hostile.jwt"],
	["verify", "--token-file", "forged.jwt"],
	["prompt"],
	["doctor"],
	["init", "--framework", "express", "--provider", "custom", "--dry-run"],
	["init", "--framework", "next-app", "--provider", "custom", "--dry-run", "--embed", hostile],
	...recipeLanguages.map(({ name }) => ["recipe", "--lang", name]),
	...recipeLanguages.flatMap(({ name, hasProviders }) =>
		hasProviders ? providers.map((each) => ["recipe", "--lang", name, "--provider", each]) : [],
	),
	["list", hostile],
	["completion", hostile],
];

describe("a hostile contract writes nothing on the terminal but visible text", () => {
	test.each(calls.map((call) => [call.join(" ").replaceAll(hostile, "…"), call] as const))("%s", async (_, [command = "", ...rest]) => {
		const cwd = createFolder({
			"package.json": "{}",
			".env": `MINE_SECRET=${hilalSecret}\n`,
			"forged.jwt": `${encode({ alg: "HS256", [hostile]: hostile })}.${encode({ sub: hostile, [hostile]: hostile })}.AAAA`,
		});
		writeFileSync(join(cwd, "mine.json"), JSON.stringify(contract));
		const mint = createMint(defineContract(contract), { secret: hilalSecret, role: () => hostile });
		const token = await mint({ id: "u_1", provider: "my-app" }).catch(() => undefined);
		writeFileSync(join(cwd, "hostile.jwt"), token?.token ?? "none");
		const named = command === "list" || command === "completion" ? rest : [...rest, "--contract", "mine.json"];
		const plain = await runCli([command, ...named], { cwd });
		expectHarmless(plain.all, "without colours");
		expect(plain.all).not.toContain(escapeCharacter);
		expectHarmless((await runCli([command, ...named], { cwd, env: { FORCE_COLOR: "1" } })).all, "in colours");
		const json = await runCli([command, ...named, "--json"], { cwd, env: { FORCE_COLOR: "1" } });
		expectHarmless(json.all, "as JSON");
		expect(json.all).not.toContain(escapeCharacter);
		JSON.parse(json.stdout);
	});

	test("an invalid one neither", async () => {
		const cwd = createFolder();
		for (const [index, broken] of [
			{ ...contract, [hostile]: 1 },
			{ ...contract, scheme: hostile },
			{ ...contract, claims: { [hostile]: {} } },
		].entries()) {
			writeFileSync(join(cwd, "mine.json"), JSON.stringify(broken));
			const { all, exitCode } = await runCli(["show", "--contract", "mine.json"], { cwd, env: { FORCE_COLOR: "1" } });
			expect(exitCode).toBe(3);
			expectHarmless(all, String(index));
		}
	});

	test("sandbox", async () => {
		const cwd = createFolder({ ".env": `MINE_SECRET=${hilalSecret}\n` });
		writeFileSync(
			join(cwd, "mine.json"),
			JSON.stringify({ ...contract, settings: { tenant: { ...contract.settings.tenant, default: undefined } } }),
		);
		const child = spawn(process.execPath, [built, "sandbox", "--port", "0", "--contract", "mine.json"], { cwd, env: { FORCE_COLOR: "1" } });
		let all = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text: string) => {
				all += text;
				if (all.includes("Ctrl-C stops it")) child.kill();
			});
		}
		await once(child, "close");
		expect(all).toContain("The sandbox listens");
		expectHarmless(all, "the sandbox");
	});

	test.each(recipeLanguages)("the files of recipe --lang $name hold none of it", async ({ load }) => {
		const generate = await load();
		for (const { text } of generate(defineContract(contract)).files) expectHarmless(text, "a file");
	});
});

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}

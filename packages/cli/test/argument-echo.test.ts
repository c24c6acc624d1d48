import { describe, expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { createFolder, runCli } from "./run-cli.ts";

// Too short and too plain to be known for a secret by its look; base64 ends in =, as the name of a pair does.
const pasted = "Tr0ub4dor&3";

const options = (await Promise.all(commands.map(async ({ name, load }) => [name, (await load()).options] as const))).flatMap(
	([command, own]) => own.filter(({ required, optional }) => required || optional).map(({ long }) => [command, long ?? ""] as const),
);

/** Runs a call that goes wrong; one that is content with the text is not of interest. */
async function expectNoEcho(args: readonly string[], text: string): Promise<void> {
	const { exitCode, all } = await runCli(args, { cwd: createFolder({ "package.json": "{}" }) });
	if (exitCode === 0) return;
	expect(all, args.join(" ")).not.toContain(text);
	expect(all).not.toContain("internal_error");
}

describe("a mistake does not repeat what may be a secret", () => {
	test.each([pasted, "hunter2hunter2", "letmein", "-Xk9vQ2", "--Xk9vQ2pL", "AKIAIOSFODNN7EXAMPLE"])(
		"in place of a command: %s",
		async (text) => {
			await expectNoEcho([text], text);
		},
	);

	test.each(commands.filter(({ name }) => name !== "sandbox"))("in place of an argument of $name", async ({ name }) => {
		await expectNoEcho([name, pasted], pasted);
		await expectNoEcho([name, ...(takesWidget(name) ? ["hilal"] : []), pasted], pasted);
		await expectNoEcho([name, `./${pasted}`], pasted);
	});

	// Any text is a host that the sandbox trusts.
	test.each(options.filter(([, long]) => long !== "--trusted-host"))("in place of the value of %s %s", async (command, long) => {
		await expectNoEcho([command, ...(takesWidget(command) ? ["hilal"] : []), `${long}=${pasted}==`], pasted);
	});
});

function takesWidget(name: string): boolean {
	return name !== "list" && name !== "completion";
}

import { expect, test } from "vitest";
import { copyCommand, pasteCommand } from "../src/clipboard.ts";
import { createFolder, runCli } from "./run-cli.ts";

test.each([
	["darwin", {}, "pbpaste"],
	["win32", {}, "powershell -NoProfile -Command Get-Clipboard"],
	["linux", {}, "xclip -selection clipboard -out"],
	["linux", { WAYLAND_DISPLAY: "wayland-0" }, "wl-paste"],
] as const)("on %s with %j the clipboard comes from a program of that system", (platform, env, command) => {
	expect(pasteCommand(env, platform)).toBe(command);
});

test("secret names that of this machine, in its help and after a new key", async () => {
	const env = { WAYLAND_DISPLAY: "wayland-0" };
	const command = `${pasteCommand(env)} | widget-token secret hilal --secret-stdin`;
	expect((await runCli(["secret", "--help"], { env })).stdout.replace(/\s+/g, " ")).toContain(command);
	expect((await runCli(["secret", "hilal"], { cwd: createFolder(), env })).stdout).toContain(`${command} --replace`);
});

test.each([
	["darwin", {}, "pbcopy"],
	["win32", {}, "clip"],
	["linux", {}, "xclip -selection clipboard"],
	["linux", { WAYLAND_DISPLAY: "wayland-0" }, "wl-copy"],
] as const)("on %s with %j a program of that system fills the clipboard", (platform, env, command) => {
	expect(copyCommand(env, platform)).toBe(command);
});

test.each(["mint", "prompt"])("%s names that of this machine in its help", async (name) => {
	const env = { WAYLAND_DISPLAY: "wayland-0" };
	expect((await runCli([name, "--help"], { env })).stdout).toContain(` | ${copyCommand(env)}\n`);
});

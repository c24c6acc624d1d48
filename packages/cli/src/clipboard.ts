/** Returns the shell command that prints the clipboard's text on this machine. */
export function pasteCommand(
	env: Readonly<Record<string, string | undefined>> = process.env,
	platform: NodeJS.Platform = process.platform,
): string {
	if (platform === "darwin") return "pbpaste";
	if (platform === "win32") return "powershell -NoProfile -Command Get-Clipboard";
	return env["WAYLAND_DISPLAY"] === undefined ? "xclip -selection clipboard -out" : "wl-paste";
}

/** Returns the shell command that puts its standard input into the clipboard of this machine. */
export function copyCommand(
	env: Readonly<Record<string, string | undefined>> = process.env,
	platform: NodeJS.Platform = process.platform,
): string {
	if (platform === "darwin") return "pbcopy";
	if (platform === "win32") return "clip";
	return env["WAYLAND_DISPLAY"] === undefined ? "xclip -selection clipboard" : "wl-copy";
}

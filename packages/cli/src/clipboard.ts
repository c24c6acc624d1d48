interface Clipboard {
	/** The command that writes the clipboard to standard output. */
	readonly paste: string;
	/** The command that puts standard input into the clipboard. */
	readonly copy: string;
}

/** The clipboard's commands on this machine, for a pipe in an example. */
export function clipboardCommands(
	platform: NodeJS.Platform = process.platform,
	env: Readonly<Record<string, string | undefined>> = process.env,
): Clipboard {
	if (platform === "darwin") return { paste: "pbpaste", copy: "pbcopy" };
	if (platform === "win32") return { paste: 'powershell -Command "Get-Clipboard"', copy: "clip" };
	if (env.WAYLAND_DISPLAY) return { paste: "wl-paste", copy: "wl-copy" };
	return { paste: "xclip -selection clipboard -o", copy: "xclip -selection clipboard" };
}

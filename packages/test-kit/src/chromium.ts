import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const { CHROMIUM_PATH } = process.env;
const paths = [CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts the machine's Chromium, without a window and without traffic of its own. A machine without one fails the test: nothing else shows what a browser does. */
export function launchChromium(): Promise<Browser> {
	const executablePath = paths.find((path) => path !== undefined && existsSync(path));
	if (executablePath === undefined) throw new Error("These tests need Chromium: install the package `chromium`, or set CHROMIUM_PATH.");
	return chromium.launch({
		executablePath,
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}

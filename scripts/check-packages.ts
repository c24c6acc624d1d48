import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

// What each tarball ships, as npm would pack it: publint for its package.json, attw for its types.
interface Manifest {
	readonly name: string;
	readonly private?: boolean;
}

const folder = mkdtempSync(join(tmpdir(), "widget-token-"));
let problems = 0;
for (const file of globSync("packages/*/package.json").toSorted()) {
	const path = dirname(file);
	const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
	if (manifest.private === true) continue;
	const [packed] = JSON.parse(
		execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
			cwd: path,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}),
	) as {
		filename: string;
		files: { path: string }[];
		size: number;
	}[];
	if (packed === undefined) throw new Error(`${manifest.name} could not be packed`);
	const found: string[] = [];
	const { messages } = await publint({ pkgDir: path, level: "warning" });
	for (const message of messages) found.push(`publint: ${formatMessage(message, manifest) ?? message.code}`);
	for (const { path: shipped } of packed.files) {
		if (/(^|\/)(test|src|node_modules)\/|\.env/.test(shipped)) found.push(`ships ${shipped}`);
	}
	try {
		execFileSync("attw", [join(folder, packed.filename), "--profile", "esm-only", "--format", "ascii", "--no-emoji"], {
			encoding: "utf8",
			stdio: "pipe",
		});
	} catch (error) {
		found.push(`attw: ${(error as { stdout?: string }).stdout ?? String(error)}`);
	}
	console.log(
		`${found.length === 0 ? "ok  " : "FAIL"} ${manifest.name} (${packed.files.length} files, ${Math.round(packed.size / 1024)} kB)`,
	);
	for (const problem of found) console.log(`     ${problem}`);
	problems += found.length;
}
rmSync(folder, { recursive: true });
process.exit(problems === 0 ? 0 : 1);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";

/** `apps/supabase-edge` in Deno, on the built packages. */
export interface RunningEdgeFunction {
	readonly address: string;
	/** All that it has written so far. */
	output(): string;
	close(): Promise<void>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Starts the function on an ephemeral port of loopback. */
export async function startEdgeFunction(backend: SupabaseStandIn, env: Readonly<Record<string, string>>): Promise<RunningEdgeFunction> {
	for (const name of ["core", "widgets", "supabase"]) {
		if (!existsSync(path(`../../${name}/dist/index.js`)))
			throw new Error(`@widget-token/${name} is not built: run \`npm run build\` first, for the function uses the published entries.`);
	}
	const flags = ["--no-remote", "--node-modules-dir=manual", `--allow-net=127.0.0.1:0,${new URL(backend.url).host}`, "--allow-env"];
	const deno = spawn(path("../../../node_modules/.bin/deno"), ["run", ...flags, "src/index.ts"], {
		cwd: path("../../../apps/supabase-edge"),
		env: {
			...process.env,
			...env,
			NO_COLOR: "1",
			PORT: "0",
			APP_ORIGIN: "https://app.example.com",
			SUPABASE_URL: backend.url,
			SUPABASE_ANON_KEY: backend.keys.anon,
		},
		stdio: ["ignore", "pipe", "pipe"],
	});
	let output = "";
	const address = await new Promise<string>((resolve, reject) => {
		const read = (chunk: Buffer): void => {
			output += chunk.toString();
			const [listening] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output) ?? [];
			if (listening !== undefined) resolve(listening);
		};
		deno.stdout.on("data", read);
		deno.stderr.on("data", read);
		deno.once("error", reject);
		deno.once("exit", (code) => reject(new Error(`Deno has ended with ${code}: ${output}`)));
	});
	return {
		address,
		output: () => output,
		close: async () => {
			if (deno.exitCode !== null) return;
			deno.kill();
			await once(deno, "exit");
		},
	};
}

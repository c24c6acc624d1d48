import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Auth0Backend } from "@widget-token/test-kit/backends/auth0";

const directory = fileURLToPath(new URL("../../../apps/next-auth0", import.meta.url));

export interface RunningNextApp {
	readonly url: string;
	/** `AUTH0_SECRET` of the app. */
	readonly secret: string;
	/** All that the app has written to its output so far. */
	output(): string;
	close(): Promise<void>;
}

/** Starts the built apps/next-auth0 on a free port, as `npm start` does. */
export async function startNextApp(backend: Auth0Backend, env: Readonly<Record<string, string>>): Promise<RunningNextApp> {
	if (!existsSync(`${directory}/.next/BUILD_ID`))
		throw new Error("apps/next-auth0 is not built: run `npx turbo run build --filter=@widget-token-apps/next-auth0`");
	const next = createRequire(`${directory}/package.json`).resolve("next/dist/bin/next");
	const secret = randomBytes(32).toString("hex");
	const child = spawn(process.execPath, [next, "start", "-H", "localhost", "-p", "0"], {
		cwd: directory,
		stdio: ["ignore", "pipe", "pipe"],
		env: {
			PATH: process.env["PATH"] ?? "",
			NODE_ENV: "production",
			NEXT_TELEMETRY_DISABLED: "1",
			AUTH0_DOMAIN: backend.domain,
			AUTH0_CLIENT_ID: backend.clientId,
			AUTH0_CLIENT_SECRET: backend.clientSecret,
			AUTH0_SECRET: secret,
			AUTH0_ALLOW_INSECURE_REQUESTS: "true",
			...env,
		},
	});
	let output = "";
	const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	const url = await new Promise<string>((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream.on("data", (chunk: Buffer) => {
				output += chunk.toString();
				const match = /Local:\s+(http:\/\/localhost:\d+)/.exec(output);
				if (match?.[1] !== undefined) resolve(match[1]);
			});
		}
		child.once("error", reject);
		child.once("exit", () => reject(new Error(`next start ended: ${output}`)));
	});
	return {
		url,
		secret,
		output: () => output,
		close: async () => {
			child.kill();
			await exited;
		},
	};
}

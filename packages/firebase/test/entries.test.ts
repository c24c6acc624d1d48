import { fileURLToPath } from "node:url";
import { EdgeVM } from "@edge-runtime/vm";
import { startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { env } from "./asking.ts";

async function bundle(contents: string): Promise<string> {
	const { outputFiles } = await build({
		stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
		bundle: true,
		write: false,
		format: "iife",
		platform: "neutral",
		mainFields: ["module", "main"],
		conditions: ["@widget-token/source"],
		// The source condition stands for Node in these two places of core; at the edge package.json chooses the others.
		alias: Object.fromEntries(
			["signing", "verifying"].map((name) => [`#${name}`, fileURLToPath(new URL(`../../core/src/keys/${name}.web.ts`, import.meta.url))]),
		),
	});
	return outputFiles[0]?.text ?? "";
}

it("serves tokens in an edge runtime, which has neither Buffer nor process nor require", async () => {
	const google = await startGoogleStandIn();
	try {
		const code = await bundle(`
			import { createFirebaseTokenHandler } from "@widget-token/firebase/edge";
			import { hilal } from "@widget-token/widgets";
			const throughStandIn = (url, init) => fetch("http://127.0.0.1:${google.port}/" + String(url).slice("https://".length), init);
			const handler = createFirebaseTokenHandler({
				projectId: ${JSON.stringify(google.projectId)}, fetch: throughStandIn, sessionCookie: "__session",
				widget: hilal, env: ${JSON.stringify(env)},
			});
			const address = "https://app.example.com/api/widget-token";
			globalThis.answer = async (headers) => JSON.stringify(await (await handler(new Request(address, { headers }))).json());
		`);
		const runtime = new EdgeVM();
		expect(runtime.evaluate<string>("[typeof Buffer, typeof process, typeof require].join()")).toBe("undefined,undefined,undefined");
		runtime.evaluate(code);
		const answer = async (headers: Record<string, string>): Promise<{ token?: string | null; code?: string }> =>
			JSON.parse(await runtime.evaluate<Promise<string>>(`answer(${JSON.stringify(headers)})`)) as { token?: string | null; code?: string };

		expect((await answer({ authorization: `Bearer ${google.idToken()}` })).token).toMatch(/^eyJ/);
		expect((await answer({ cookie: `__session=${google.sessionCookie()}` })).token).toMatch(/^eyJ/);
		expect((await answer({ authorization: `Bearer ${google.idToken({ exp: 1 })}` })).code).toBe("credential_expired");
		expect(await answer({})).toEqual({ token: null });
	} finally {
		await google.close();
	}
});

it("throws as soon as a browser loads it", async () => {
	await expect(import("../src/browser.ts")).rejects.toThrow(/@widget-token\/client/);
});

import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { hilalSecret } from "../run-cli.ts";
import { useDoctor } from "./run-doctor.ts";
import { healthy, sessionOf, whileListening, whileServing } from "./serving.ts";

const nowhere = "http://127.0.0.1:9/";

describe.concurrent("doctor", () => {
	const { createFolder, runDoctor, runText } = useDoctor();

	test.each([
		["a bearer token", `Bearer ${sessionOf.ada}`],
		["a JWT", sessionOf.ada],
		["a cookie", `session=${sessionOf.ada}`],
		["an opaque token", "b8f0c3d9e1a24756b8f0c3d9e1a24756b8f0c3d9e1a24756"],
	])("refuses %s in the argument list, and does not repeat it", async (_, credential) => {
		for (const args of [["--as", credential], [`--as=${credential}`]]) {
			const { exitCode, all } = await runText(["hilal", "--url", nowhere, ...args]);
			expect(exitCode).toBe(2);
			expect(all).toContain("secret_in_arguments");
			expect(all).not.toContain(credential.slice(-20));
		}
	});

	test("repeats no argument that may be a secret, also where it is in the wrong place", async () => {
		const secret = "sk_live-0f9A8b7C6d5E4f3G2h1I0j9K";
		const cwd = createFolder({ "one.txt": "session=one-session-of-somebody" });
		for (const args of [
			["--as-env", secret],
			["--as", `./${secret}`, "--url", nowhere],
			["--url", secret],
			["--url", `${nowhere}?bypass=${secret}`],
			["--url", `${nowhere}?widget=hilal&bypass=${secret}`],
			["--url", `${nowhere}?widget=${secret}`],
			["--clock-url", secret],
			["--clock-url", `${nowhere}?bypass=${secret}`],
			["--url", `http://${secret}@localhost/`],
			["hilal", secret],
			["--widget", secret],
		]) {
			const { exitCode, all } = await runText(args, { cwd });
			expect(exitCode, args.join(" ")).not.toBe(0);
			expect(all).not.toContain(secret);
		}
	});

	test("keeps the widget of an address in its report, and nothing else of the query", async () => {
		const { report } = await runDoctor(["--url", `${nowhere}?bypass=opensesame&widget=hilal`], { cwd: createFolder() });
		expect(report.url).toBe("http://127.0.0.1:9/?widget=hilal&…");
	});

	test.each([
		["a file that is not there", ["--url", nowhere, "--as", "ada.txt"], "credential_unreadable"],
		["a variable that is not set", ["--url", nowhere, "--as-env", "ADA"], "credential_missing"],
		["an empty file", ["--url", nowhere, "--as", "empty.txt"], "credential_missing"],
		["one user twice", ["--url", nowhere, "--as", "one.txt", "--as", "one.txt"], "usage"],
		["three users", ["--url", nowhere, "--as", "one.txt", "--as", "one.txt", "--as", "one.txt"], "usage"],
		["a user without an address", ["hilal", "--as", "one.txt"], "usage"],
		["a user over an open line", ["--url", "http://example.com/api", "--as", "one.txt"], "usage"],
		["a password in the address", ["--url", "http://ada:secret-password@localhost/"], "secret_in_arguments"],
		["no address", ["--url", "localhost:3000"], "usage"],
		["no widget at all", [], "widget_required"],
	])("refuses %s", async (_, args, code) => {
		const cwd = createFolder({ "one.txt": "session=one-session-of-somebody", "empty.txt": "\n" });
		const { exitCode, stdout } = await runText([...args, "--json"], { cwd });
		expect(exitCode).toBe(code === "credential_missing" && args.includes("ADA") ? 3 : 2);
		expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
		expect(stdout).not.toContain("secret-password");
	});

	test("takes two users from standard input, with an empty line between them or one in each line", async () => {
		const cwd = createFolder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n` });
		for (const input of [
			`Cookie: session=${sessionOf.ada}\nX-Forwarded-Proto: https\n\nAuthorization: Bearer ${sessionOf.grace}\n`,
			`${sessionOf.ada}\n${sessionOf.grace}\n`,
		]) {
			const run = await whileServing(healthy, (origin) => runDoctor(["--url", origin, "--as", "-", "--as", "-"], { cwd, input }));
			expect(run.found).toEqual([]);
			expect(run.report.findings.some(({ check, level }) => check === "two-subjects" && level === "ok")).toBe(true);
		}
	});

	test("asks the given address only, a bounded number of times, and follows no redirect", async () => {
		let elsewhere = 0;
		const asked: string[] = [];
		const other = createServer((_, response) => response.end(String(elsewhere++)));
		await whileListening(other.listeners("request")[0] as never, async (target) => {
			const listener = (request: { url?: string }, response: { writeHead(status: number, headers: object): { end(): void } }): void => {
				asked.push((request.url ?? "").replace(/\?nonce=[\w-]+$/, ""));
				response.writeHead(302, { location: `${target}/login/${sessionOf.ada.slice(-43)}?next=secret-state` }).end();
			};
			const run = await whileListening(listener as never, (origin) =>
				runDoctor(["hilal", "--url", `${origin}/token`, "--as-env", "ADA"], {
					cwd: createFolder(),
					env: { ADA: sessionOf.ada.slice(-43) },
				}),
			);
			expect(run.found).toEqual(["error login-redirect"]);
			for (const secret of ["secret-state", sessionOf.ada.slice(-43)]) expect(run.all).not.toContain(secret);
		});
		expect(elsewhere).toBe(0);
		expect(new Set(asked)).toEqual(new Set(["/token"]));
		let count = 0;
		await whileServing(
			async (request) => {
				count++;
				return healthy(request);
			},
			(origin) =>
				runDoctor(["hilal", "--url", origin, "--as-env", "ADA", "--as-env", "GRACE"], {
					cwd: createFolder(),
					env: { ADA: sessionOf.ada, GRACE: sessionOf.grace },
				}),
		);
		expect(count).toBeGreaterThan(20);
		expect(count).toBeLessThan(60);
	});

	test("asks for JSON wherever it reads JSON, and sends a nonce that is fit to be returned", async () => {
		const asked: { readonly accept: string | null; readonly nonce: string | null; readonly method: string }[] = [];
		const run = await whileServing(
			async (request) => {
				const nonce = new URL(request.url).searchParams.get("nonce");
				asked.push({ accept: request.headers.get("accept"), nonce, method: request.method });
				const reply = await healthy(request);
				if (reply.status !== 200 || nonce === null) return reply;
				return new Response(JSON.stringify({ ...((await reply.json()) as object), nonce }), reply);
			},
			(origin) =>
				runDoctor(["hilal", "--url", origin, "--as-env", "ADA", "--as-env", "GRACE"], {
					cwd: createFolder(),
					env: { ADA: sessionOf.ada, GRACE: sessionOf.grace },
				}),
		);
		expect(run.found).toEqual([]);
		expect(new Set(asked.map(({ accept }) => accept))).toEqual(new Set(["application/json"]));
		const nonces = asked.flatMap(({ nonce }) => nonce ?? []);
		expect(nonces.length).toBeGreaterThan(1);
		expect(new Set(nonces).size).toBe(nonces.length);
		for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
	});

	test("gives up on an endpoint that cuts the line in the middle, and says so", async () => {
		let count = 0;
		const listener = (
			_: unknown,
			response: { destroy(): void; writeHead(status: number, headers: object): { end(body: string): void } },
		): void => {
			if (++count > 2) response.destroy();
			else response.writeHead(200, { "content-type": "application/json" }).end('{"token":null}');
		};
		const run = await whileListening(listener as never, (origin) => runDoctor(["hilal", "--url", origin], { cwd: createFolder() }));
		expect(run.found).toContain("error reachable");
		expect(run.report.findings.find(({ check }) => check === "reachable")?.where).toMatch(/after 2 answers/);
		expect(run.exitCode).toBe(1);
	});

	test("holds the clock against a server that is named for it", async () => {
		const ahead = async (): Promise<Response> => new Response(null, { headers: { date: new Date(Date.now() + 3_600_000).toUTCString() } });
		const run = await whileServing(ahead, (origin) => runDoctor(["--clock-url", origin], { cwd: createFolder() }));
		expect(run.found).toEqual(["error clock"]);
		const silent = await whileServing(healthy, async (origin) => origin);
		expect((await runDoctor(["--clock-url", silent], { cwd: createFolder() })).found).toEqual(["error reachable"]);
	});

	test("says in words what is wrong, where, what was expected and how to fix it, in 80 columns", async () => {
		const cwd = createFolder({
			".env": `HILAL_WIDGET_HMAC_SECRET='"${hilalSecret}"'\n`,
			".env.production": "FIREBASE_AUTH_EMULATOR_HOST=localhost:9099\n",
		});
		const { exitCode, stdout } = await runText([], { cwd });
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(
			/✗ key-quotes\n {4}where {5}HILAL_WIDGET_HMAC_SECRET in \.env\n {4}expected {2}.+\n {4}got {7}.+\n {4}fix {7}.+--fix/s,
		);
		expect(stdout).toMatch(/✗ 2 errors, \d+ checks passed\n$/);
		for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
	});
});

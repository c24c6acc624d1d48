import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createForeignProject, type InitAnswer, nextApp, snapshot } from "./init-project.ts";
import { hilalSecret } from "./run-cli.ts";

describe("init writes", () => {
	test("with --dry-run nothing, and shows a diff by which git makes the same files", async () => {
		const project = createForeignProject({ ...nextApp, ".env.local": `# notes: caf\u00e9\nOTHER=1\nSECRET_OF_THE_APP=${hilalSecret}` });
		const before = snapshot(project.root);
		const { exitCode, stdout, stderr } = await project.run("--widget", "hilal", "--dry-run");
		expect(exitCode).toBe(0);
		expect(snapshot(project.root)).toEqual(before);
		expect(stdout).toMatch(/^--- \/dev\/null\n\+\+\+ b\/app\/api\/widget-token\/route\.ts\n/);
		expect(stdout + stderr).not.toContain(hilalSecret);

		const twin = createForeignProject({ ...nextApp, ".env.local": `${project.read(".env.local")}\n` });
		const applied = spawnSync("git", ["apply", "--unidiff-zero", "-"], { cwd: twin.root, input: stdout, encoding: "utf8" });
		expect(applied.stderr).toBe("");
		await project.init("--widget", "hilal");
		expect(snapshot(twin.root)).toEqual(snapshot(project.root));
		expect(project.read(".env.local")).toContain("(org_…)");
	});

	test("once; a second run finds nothing to do", async () => {
		const project = createForeignProject(nextApp);
		const first = await project.init("--widget", "hilal");
		expect(first.files.every(({ written }) => written)).toBe(true);
		const before = snapshot(project.root);
		// Without --yes: there is nothing to agree to.
		const { exitCode, stdout } = await project.run("--widget", "hilal");
		expect(exitCode).toBe(0);
		expect(stdout).toContain("There is nothing to write.");
		expect((await project.run("--widget", "hilal", "--dry-run")).stdout).toBe("There is nothing to write.\n");
		expect(snapshot(project.root)).toEqual(before);
	});

	test("never over a file that does something else, which it shows as a conflict; the rest is written", async () => {
		const theirs = "export function GET() {\n\treturn Response.json({ token: null });\n}\n";
		const project = createForeignProject({ ...nextApp, "app/api/widget-token/route.js": theirs });
		const { exitCode, stdout } = await project.run("--widget", "hilal", "--yes");
		expect(exitCode).toBe(1);
		expect(project.read("app/api/widget-token/route.js")).toBe(theirs);
		expect(existsSync(join(project.root, "app/api/widget-token/route.ts"))).toBe(false);
		expect(existsSync(join(project.root, "components/hilal-widget.tsx"))).toBe(true);
		expect(stdout).toMatch(/app\/api\/widget-token\/route\.js is there/);
		expect(stdout).toContain("     export const GET = withClerkWidgetToken({ widget: hilal });");
		const { files } = JSON.parse((await project.run("--widget", "hilal", "--yes", "--json")).stdout) as InitAnswer;
		expect(files[0]).toMatchObject({ path: "app/api/widget-token/route.js", state: "conflict", written: false });
	});

	test("no second file for an address that the other router of Next.js has", async () => {
		const project = createForeignProject({ ...nextApp, "pages/api/widget-token.ts": "export default () => undefined;\n" });
		const { exitCode, stdout } = await project.run("--widget", "hilal", "--yes");
		expect(exitCode).toBe(1);
		expect(stdout).toContain("pages/api/widget-token.ts is there");
		expect(existsSync(join(project.root, "app/api/widget-token/route.ts"))).toBe(false);
	});

	test("never over a file of its own that has been worked on", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "hilal");
		const changed = `${project.read("app/api/widget-token/route.ts")}\nexport const dynamic = "force-dynamic";\n`;
		project.write("app/api/widget-token/route.ts", changed);
		const { files } = await project.init("--widget", "hilal");
		expect(files[0]?.state).toBe("own");
		expect(project.read("app/api/widget-token/route.ts")).toBe(changed);
	});

	test("no middleware where there is one, but says what it has to contain", async () => {
		const theirs = 'import { clerkMiddleware } from "@clerk/nextjs/server";\n\nexport default clerkMiddleware();\n';
		const project = createForeignProject({ ...nextApp, "middleware.ts": theirs });
		const { steps } = await project.init("--widget", "hilal");
		expect(steps[0]).toMatchObject({ file: "middleware.ts", done: false, code: expect.stringContaining("authorizedParties") });
		expect(project.read("middleware.ts")).toBe(theirs);
		expect(existsSync(join(project.root, "proxy.ts"))).toBe(false);
	});

	test("no middleware over one that guesses the app's origin, but says what to put in its place", async () => {
		const earlier = `import { clerkMiddleware } from "@clerk/nextjs/server";

export default clerkMiddleware({
	authorizedParties: (process.env.CLERK_AUTHORIZED_PARTIES || "http://localhost:3000").split(","),
});
`;
		const project = createForeignProject({ ...nextApp, "proxy.ts": earlier });
		const [step] = (await project.init("--widget", "hilal")).steps;
		expect(step).toMatchObject({ file: "proxy.ts", done: false, code: expect.stringContaining('NODE_ENV === "production"') });
		expect(project.read("proxy.ts")).toBe(earlier);
	});

	test("placeholders without a value, for its owner only, and touches no other byte of an env file", async () => {
		const project = createForeignProject({ ...nextApp, ".env": "CLERK_SECRET_KEY=sk_test_of_the_app\n" });
		await project.init("--widget", "onpilot");
		const written = project.read(".env.local");
		const lines = written.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
		expect(lines).toEqual([
			"NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=",
			"CLERK_JWT_KEY=",
			"CLERK_AUTHORIZED_PARTIES=",
			"ONPILOT_EMBED_SECRET=",
			"ONPILOT_TENANT_ID=",
			"ONPILOT_COPILOT_ID=",
			"NEXT_PUBLIC_ONPILOT_SCRIPT_URL=",
		]);
		expect(statSync(join(project.root, ".env.local")).mode & 0o777).toBe(0o600);

		const latin = Buffer.from("\ufeffA='x'\r\n# caf\u00e9\r\nB=2", "latin1");
		const other = createForeignProject({ ...nextApp, ".env.local": "" });
		spawnSync(
			process.execPath,
			["-e", "require('fs').writeFileSync('.env.local', Buffer.from(process.argv[1], 'base64'))", latin.toString("base64")],
			{ cwd: other.root },
		);
		await other.init("--widget", "onpilot");
		const bytes = readFileSync(join(other.root, ".env.local"));
		expect(bytes.subarray(0, latin.length)).toEqual(latin);
		expect(bytes.subarray(latin.length).toString()).toMatch(/^\r\n\r\n# OnPilot: added by widget-token init\r\n/);
		expect(bytes.toString("latin1").replaceAll("\r\n", "")).not.toContain("\n");
	});

	test("the address of the sandbox's script with --sandbox, also where a placeholder is", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "bestchatbot");
		expect(project.read(".env.local")).toMatch(/^NEXT_PUBLIC_BESTCHATBOT_SCRIPT_URL=$/m);
		await project.init("--widget", "bestchatbot", "--sandbox");
		expect(project.read(".env.local")).toMatch(
			/^NEXT_PUBLIC_BESTCHATBOT_SCRIPT_URL=http:\/\/localhost:4600\/bestchatbot\/widget\/v1\/chat\.js$/m,
		);
		expect(project.read(".env.local").match(/SCRIPT_URL=/g)).toHaveLength(1);
	});

	test("a warning where git would commit the env file", async () => {
		const project = createForeignProject(nextApp);
		spawnSync("git", ["init", "--quiet"], { cwd: project.root });
		expect((await project.run("--widget", "hilal", "--yes")).stderr).toMatch(/\.env\.local is not ignored by git/);
		const ignoring = createForeignProject({ ...nextApp, ".gitignore": ".env*\n" });
		spawnSync("git", ["init", "--quiet"], { cwd: ignoring.root });
		expect((await ignoring.run("--widget", "hilal", "--yes")).stderr).not.toContain("git");
	});
});

import { describe, expect, test } from "vitest";
import { checks } from "../../src/doctor/checks.ts";
import { hilalSecret } from "../run-cli.ts";
import { brokenApps } from "./broken-apps.ts";
import { brokenProjects } from "./broken-projects.ts";
import { useDoctor } from "./run-doctor.ts";
import { sessionOf, whileServing } from "./serving.ts";

const credentials = {
	"ada.txt": `Cookie: theme=dark; session=${sessionOf.ada}\n`,
	"grace.txt": `session=${sessionOf.grace}\n`,
	"package.json": '{"name":"app"}',
};

describe.concurrent("doctor finds in a running app", () => {
	const { createFolder, runDoctor } = useDoctor();

	test.each(brokenApps)(
		"$name ($found)",
		async ({ found, app, files, remedy, where, widget = "hilal", env = { HILAL_WIDGET_HMAC_SECRET: hilalSecret }, got }) => {
			const cwd = createFolder({ ...credentials, ...files });
			const run = await whileServing(app, (origin) =>
				runDoctor([widget, "--url", `${origin}/api/widget-token`, "--as", "ada.txt", "--as", "grace.txt"], { cwd, env }),
			);
			expect(run.found).toEqual([...found].sort());
			expect(run.exitCode).toBe(found.some((each) => each.startsWith("error")) ? 1 : 0);
			const problems = run.report.findings.filter(({ level }) => level !== "ok");
			for (const problem of problems) for (const text of Object.values(problem)) expect(text).not.toBe("");
			for (const [member, pattern] of Object.entries({ got, remedy, where }))
				if (pattern !== undefined) expect(problems.map((problem) => problem[member as "got"]).join("\n")).toMatch(pattern);
			// Neither a token, nor what a session or a claim holds.
			for (const secret of [hilalSecret, sessionOf.ada, sessionOf.grace, "eyJ", "example.com", "St James", "secret-state"])
				expect(run.all).not.toContain(secret);
		},
	);

	test("nothing that listens", async () => {
		const url = await whileServing(
			async () => new Response(),
			async (origin) => origin,
		);
		const run = await runDoctor(["hilal", "--url", url], { cwd: createFolder({}) });
		expect(run.found).toEqual(["error reachable"]);
		expect(run.exitCode).toBe(1);
	});
});

test("every check of the doctor is proven by a mistake that it finds", () => {
	const found = [...brokenProjects.flatMap((project) => project.found), ...brokenApps.flatMap((app) => app.found), "error reachable"];
	expect([...new Set(found.map((each) => each.split(" ")[1]))].sort()).toEqual(Object.keys(checks).sort());
});

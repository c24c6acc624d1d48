import { describe, expect, test } from "vitest";
import { hilalSecret } from "../run-cli.ts";
import { brokenProjects } from "./broken-projects.ts";
import { useDoctor } from "./run-doctor.ts";

describe.concurrent("doctor finds in a project", () => {
	const { createFolder, runDoctor } = useDoctor();

	test.each(brokenProjects)("$name ($found)", async ({ found, where, remedy, files, args = [], env = {}, prepare }) => {
		const folder = createFolder(files);
		prepare?.(folder);
		const run = await runDoctor(args, { cwd: folder, env });
		expect(run.found).toEqual(found);
		expect(run.exitCode).toBe(found.some((each) => each.startsWith("error")) ? 1 : 0);
		const findings = run.report.findings.filter(({ level }) => level !== "ok");
		expect(findings.some((finding) => where.test(finding.where))).toBe(true);
		if (remedy !== undefined) expect(findings.map((finding) => finding.remedy).join("\n")).toMatch(remedy);
		for (const finding of findings) {
			expect(Object.keys(finding)).toEqual(["check", "level", "where", "expected", "got", "remedy"]);
			for (const text of Object.values(finding)) expect(text).not.toBe("");
		}
		// Neither a whole secret nor the part of one.
		for (const secret of [hilalSecret, hilalSecret.slice(0, 20), "PRIVATE KEY", "MII"]) expect(run.all).not.toContain(secret);
	});
});

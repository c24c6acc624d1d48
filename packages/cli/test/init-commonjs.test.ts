import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, execute, followSteps, type InitProject, start, strictConfig } from "./init-project.ts";
import { installNode, type OldNode } from "./old-node.ts";

// The oldest that the packages run on; its require() takes no ES module. The packages are those that are built.
const version = "20.9.0";

const env = {
	CLERK_SECRET_KEY: "sk_test_0123456789",
	CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("clerk.localhost.test$").toString("base64")}`,
	CLERK_TELEMETRY_DISABLED: "1",
};

const server = `// routes
const server = app.listen(0, "127.0.0.1", () => {
	const address = server.address();
	console.log(\`http://127.0.0.1:\${typeof address === "object" && address !== null ? address.port : ""}\`);
});
`;

describe.runIf(process.platform === "linux")(`CommonJS on Node.js ${version}`, () => {
	let node: OldNode;
	beforeAll(async () => {
		node = await installNode(version);
	}, 180_000);
	afterAll(() => node?.remove());

	async function ask({ root }: InitProject, file: string): Promise<unknown> {
		const running = start(node.program, [file], { cwd: root, env });
		try {
			const [address] = await running.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
			return await (await fetch(`${address}/api/widget-token`)).json();
		} finally {
			await running.close();
		}
	}

	test("in JavaScript", async () => {
		const project = createProject({
			"package.json": { name: "shop", dependencies: { express: "^5.0.0" } },
			"server.js": `const express = require("express");\n\nconst app = express();\n${server}`,
		});
		const answer = await project.init("--provider", "clerk", "--widget", "hilal");
		expect(answer.files[0]?.path).toBe("widget-token.mjs");
		followSteps(project, "server.js", answer);
		expect(await ask(project, "server.js")).toEqual({ token: null });
		const again = await project.init("--provider", "clerk", "--widget", "hilal");
		expect(again.steps.find(({ file }) => file === "server.js")?.done).toBe(true);
	});

	test("in JavaScript with Hono", async () => {
		const project = createProject({
			"package.json": { name: "shop", dependencies: { hono: "^4.0.0" } },
			"index.js": `const { serve } = require("@hono/node-server");
const { Hono } = require("hono");

const app = new Hono();
// routes
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log(\`http://127.0.0.1:\${port}\`));
`,
		});
		followSteps(project, "index.js", await project.init("--provider", "clerk", "--widget", "hilal"));
		expect(await ask(project, "index.js")).toEqual({ token: null });
	});

	test("in TypeScript, compiled", async () => {
		const project = createProject({
			"package.json": { name: "shop", dependencies: { express: "^5.0.0" }, devDependencies: { typescript: "^6" } },
			"tsconfig.json": strictConfig(
				{
					module: "Node16",
					moduleResolution: "Node16",
					noEmit: false,
					allowImportingTsExtensions: false,
					customConditions: [],
					outDir: "dist",
					rootDir: "src",
					verbatimModuleSyntax: false,
				},
				["src"],
			),
			"src/server.ts": `import express from "express";\n\nconst app = express();\n${server}`,
		});
		const answer = await project.init("--provider", "clerk", "--widget", "hilal");
		expect(answer.files[0]?.path).toBe("src/widget-token.mts");
		followSteps(project, "src/server.ts", answer);
		expect(await execute("tsc", ["-p", project.root])).toEqual({ exitCode: 0, output: "" });
		expect(await ask(project, "dist/server.js")).toEqual({ token: null });
	});

	test("a failing import reaches the app's error handler and does not end the process", async () => {
		const project = createProject({
			"package.json": { name: "shop", dependencies: { express: "^5.0.0" } },
			"server.js": `const express = require("express");

const app = express();
${server.replace("// routes", "// routes\napp.use((error, req, res, next) => res.status(500).json({ code: error.code }));")}`,
		});
		followSteps(project, "server.js", await project.init("--provider", "clerk", "--widget", "hilal"));
		project.write("widget-token.mjs", 'throw Object.assign(new Error("broken"), { code: "BROKEN" });\n');
		expect(await ask(project, "server.js")).toEqual({ code: "BROKEN" });
	});
});

import { describe, expect, test } from "vitest";
import { createForeignProject, createProject, followSteps, nextApp, serve, strictConfig } from "./init-project.ts";

describe("init with a contract of one's own", () => {
	const contract = {
		id: "acme-chat",
		name: "Acme Chat",
		documentation: ["https://docs.example.com/acme-chat"],
		scheme: "jwt",
		algorithm: "HS256",
		key: { env: "ACME_CHAT_API_KEY", encoding: "utf8" },
		settings: {
			appId: { env: "ACME_APP_ID", description: "The app" },
			group: { env: "ACME_GROUP", description: "A group", default: "all" },
		},
		claims: {
			sub: { from: "identity", field: "id", required: true },
			app: { from: "setting", setting: "appId", required: true },
			plan: { from: "custom", type: "string", required: true },
			exp: { from: "generated", generate: "expirationTime", required: true },
		},
		lifetime: { defaultSeconds: 60, maximumSeconds: 600 },
		delivery: {
			settings: { apiKey: { description: "The public key" } },
			embeds: {
				default: {
					script: { src: "https://cdn.example.com/chat.js", attributes: { "data-key": "{apiKey}" }, tokenAttribute: "data-token" },
				},
			},
		},
	};

	test("imports it by its path, and fails closed until its claims are filled", async () => {
		const project = createProject({
			"package.json": {
				name: "shop",
				type: "module",
				dependencies: { hono: "4", vite: "8", "firebase-admin": "14" },
				devDependencies: { typescript: "6" },
			},
			"tsconfig.json": strictConfig({ module: "ESNext", moduleResolution: "Bundler", types: ["vite/client", "node"] }, ["src", "*.d.ts"]),
			"firebase.d.ts":
				'declare module "firebase/auth" {\n\tfunction getAuth(): { currentUser: { getIdToken(): Promise<string> } | null };\n\tfunction onAuthStateChanged(auth: unknown, listener: (user: { uid: string } | null) => void): () => void;\n}\n',
			"index.html": "",
			"contracts/acme.json": contract,
			"src/server.ts":
				'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\n\nconst app = new Hono();\n// routes\nserve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log("http://127.0.0.1:" + port));\n',
		});
		const answer = await project.init("--contract", "contracts/acme.json");
		expect(answer).toMatchObject({ framework: "hono", provider: "firebase", widget: "acme-chat" });
		expect(answer.steps[0]).toMatchObject({ title: expect.stringContaining("claims"), done: false });
		const env = project.read(".env");
		expect(env).toMatch(/^ACME_CHAT_API_KEY=$/m);
		expect(env).toMatch(/^ACME_APP_ID=$/m);
		// A setting with a default is no placeholder, and a public copy of the key's variable is refused by the core.
		expect(env).not.toContain("ACME_GROUP");
		expect(env).not.toMatch(/^VITE_ACME_CHAT_API_KEY=/m);
		followSteps(project, "src/server.ts", answer);
		expect(await project.typecheck()).toBe("");
		const server = await serve(project, "src/server.ts", { GOOGLE_CLOUD_PROJECT: "demo" });
		try {
			expect(await (await fetch(`${server.address}/api/widget-token`)).json()).toEqual({ token: null });
		} finally {
			await server.close();
		}
	});

	test("whose texts hold controls writes none of them, to the screen or into the code", async () => {
		const name = "Acme\u001b[2J\u202e */ Chat\nexport const leak = process.env;";
		const settings = { appId: { env: "ACME_APP_ID", description: "The app\nLEAKED=1" } };
		const project = createForeignProject({ ...nextApp, "mine.json": { ...contract, name, settings } });
		const { all, exitCode } = await project.run("--contract", "mine.json", "--yes");
		expect(exitCode).toBe(0);
		const written = ["app/api/widget-token/route.ts", "components/acme-chat-widget.tsx", ".env.local"].map((path) => project.read(path));
		expect(written[1]).not.toContain("*/ Chat");
		for (const text of [all, ...written]) {
			expect(text).not.toContain("\u001b[2J");
			expect(text).not.toContain("\u202e");
			expect(text).not.toMatch(/^(?:export const leak|LEAKED=)/m);
		}
	});

	test("that says nothing of the browser gives the page the session alone", async () => {
		const { delivery: _, ...rest } = contract;
		const project = createForeignProject({ ...nextApp, "mine.json": rest });
		const { steps } = await project.init("--widget", "./mine.json");
		expect(project.read("components/acme-chat-widget.tsx")).toContain("useWidgetToken(session)");
		expect(steps.at(-1)?.title).toContain("does not say how");
	});
});

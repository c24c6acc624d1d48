import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type FirebaseEmulator, startFirebaseEmulator } from "@widget-token/test-kit/backends/firebase";
import { createWidgetKeys, fiveWidgets } from "@widget-token/test-kit/widget-keys";
import { importSPKI, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const { env, verificationKey } = createWidgetKeys();

describe("the example app of Express and Firebase", () => {
	let emulator: FirebaseEmulator;
	let server: ChildProcess;
	let address: string;
	beforeAll(async () => {
		emulator = await startFirebaseEmulator();
		const script = fileURLToPath(new URL("../../../apps/express-firebase/src/server.ts", import.meta.url));
		server = spawn(process.execPath, ["--conditions=@widget-token/source", script], {
			env: { ...env, PORT: "0", GOOGLE_CLOUD_PROJECT: emulator.projectId, FIREBASE_AUTH_EMULATOR_HOST: emulator.host },
			stdio: ["ignore", "pipe", "inherit"],
		});
		if (server.stdout === null) throw new Error("The app has no output");
		[address] = (await once(createInterface(server.stdout), "line")) as [string];
	});
	afterAll(async () => {
		server.kill();
		await emulator.close();
	});

	it.each(fiveWidgets)("gives a user who signs in a token for $name", async (contract) => {
		const email = `ada+${contract.id}@example.com`;
		const signedUp = await emulator.signUp({ email, password: "correct horse", displayName: "Ada" });
		await emulator.update(signedUp.uid, { customClaims: { role: "admin" } });
		const { idToken, uid } = await emulator.verifyEmail(signedUp);
		const response = await fetch(`${address}/api/widget-token?widget=${contract.id}`, {
			headers: { accept: "application/json", authorization: `Bearer ${idToken}` },
		});
		expect(response.status).toBe(200);
		const { token } = (await response.json()) as { token: string };
		const key = verificationKey(contract);
		const { payload } = await jwtVerify(
			token,
			contract.algorithm === "RS256" ? await importSPKI(key, "RS256") : new TextEncoder().encode(key),
		);
		expect(payload.email).toBe(email);
		if (contract.id !== "customgpt") expect([payload.sub, payload.user_id]).toContain(uid);
		if (contract.id === "onpilot") expect(payload.role).toBe("admin");
		if (contract.id === "customgpt") expect(payload.roles).toBe("admin");
	});

	it("gives a visitor no token, and a page of another site neither", async () => {
		expect(await (await fetch(`${address}/api/widget-token?widget=hilal`)).json()).toEqual({ token: null });
		const { idToken } = await emulator.signUp({ email: "grace@example.com", password: "correct horse" });
		const foreign = { authorization: `Bearer ${idToken}`, origin: "https://mallory.example.com" };
		expect((await fetch(`${address}/api/widget-token?widget=hilal`, { headers: foreign })).status).toBe(403);
	});

	it("says on its home page what it is", async () => {
		expect(await (await fetch(address)).text()).toContain("/api/widget-token");
	});
});

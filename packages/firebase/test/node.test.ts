import { randomUUID } from "node:crypto";
import { type App, deleteApp, getApps, initializeApp } from "firebase-admin/app";
import { createFirebaseTokenHandler } from "@widget-token/firebase";
import type { GoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { afterAll } from "vitest";
import { describeProduction } from "./production-suite.ts";

function createApp({ projectId, agent }: GoogleStandIn): App {
	return initializeApp({ projectId, httpAgent: agent }, randomUUID());
}
afterAll(async () => {
	await Promise.all(getApps().map(deleteApp));
});

describeProduction("with firebase-admin", (google, options) => createFirebaseTokenHandler({ app: createApp(google), ...options }));

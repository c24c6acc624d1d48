import { fileURLToPath } from "node:url";
import { createMint } from "@widget-token/core";
import { firebaseWidgetToken } from "@widget-token/firebase";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import express from "express";
import { initializeApp } from "firebase-admin/app";
import type { DecodedIdToken } from "firebase-admin/auth";
import { homePage } from "./home-page.ts";

initializeApp();

// A custom claim, which only a server can write: getAuth().setCustomUserClaims(uid, { role: "admin" }).
const role = (_identity: unknown, user: DecodedIdToken): string => (user.role === "admin" ? "admin" : "user");

// Shorter than the widget's default, to see the page replace a token: 20.
const lifetimeSeconds = Number(process.env.BESTCHATBOT_LIFETIME_SECONDS) || undefined;

const app = express().disable("x-powered-by");

app.all(
	"/api/widget-token",
	firebaseWidgetToken({
		widgets: [createMint(bestChatBot, { lifetimeSeconds }), hilal, jupid, createMint(onPilot, { role }), createMint(customGpt, { role })],
	}),
);

const { GOOGLE_CLOUD_PROJECT = "", FIREBASE_API_KEY = "", FIREBASE_AUTH_EMULATOR_HOST, DEMO_USERS, SANDBOX_URL, PORT } = process.env;
app.use("/assets", express.static(fileURLToPath(new URL("../dist", import.meta.url))));
app.get(
	"/",
	homePage({
		firebase: { projectId: GOOGLE_CLOUD_PROJECT, apiKey: FIREBASE_API_KEY },
		...(FIREBASE_AUTH_EMULATOR_HOST === undefined ? {} : { emulator: `http://${FIREBASE_AUTH_EMULATOR_HOST}` }),
		users: JSON.parse(DEMO_USERS ?? "[]"),
		sandboxUrl: SANDBOX_URL ?? "http://127.0.0.1:4600",
	}),
);

const server = app.listen(Number(PORT ?? 3000), "127.0.0.1", () => {
	const address = server.address();
	if (address !== null && typeof address === "object") console.log(`http://localhost:${address.port}`);
});

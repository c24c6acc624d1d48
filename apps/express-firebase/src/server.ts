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

const app = express().disable("x-powered-by");

app.all(
	"/api/widget-token",
	firebaseWidgetToken({
		widgets: [bestChatBot, hilal, jupid, createMint(onPilot, { role }), createMint(customGpt, { role })],
	}),
);

app.get("/", (_request, response) => {
	response.type("html").send(homePage);
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
	const address = server.address();
	if (address !== null && typeof address === "object") console.log(`http://localhost:${address.port}`);
});

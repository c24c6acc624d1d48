import { createTokenSession, mountWidget } from "@widget-token/client";
import "@widget-token-apps/page/page.css";
import { loadOwnScript } from "@widget-token-apps/page/own-script";
import { showChoices, showUser } from "@widget-token-apps/page/page-elements";
import { readWidgetChoice } from "@widget-token-apps/page/widget-choices";
import { initializeApp } from "firebase/app";
import { connectAuthEmulator, getAuth, onAuthStateChanged, signInWithEmailAndPassword, signOut } from "firebase/auth";
import type { PageConfig } from "../src/home-page.ts";

const { firebase, emulator, users, sandboxUrl } = JSON.parse(document.querySelector("#config")?.textContent ?? "") as PageConfig;
const choice = readWidgetChoice(sandboxUrl, Object.fromEntries(new URLSearchParams(location.search)));
const { nonce } = document.querySelector("script") ?? {};

const auth = getAuth(initializeApp(firebase));
if (emulator !== undefined) connectAuthEmulator(auth, emulator, { disableWarnings: true });

const session = createTokenSession({
	endpoint: "/api/widget-token",
	widget: choice.contract.id,
	authorization: async () => {
		await auth.authStateReady();
		return auth.currentUser?.getIdToken();
	},
});

onAuthStateChanged(auth, (user) => {
	if (user === null) void session.signOut();
	else session.identify(user.uid);
	showUser(user?.displayName ?? user?.email ?? null, users, {
		signIn: ({ email, password }) => signInWithEmailAndPassword(auth, email, password),
		signOut: () => session.signOut(() => signOut(auth)),
	});
});

mountWidget(choice.contract, {
	session,
	embed: choice.embed,
	src: choice.src,
	settings: { ...choice.settings, container: document.querySelector("#widget") },
	nonce,
});

showChoices(choice, sandboxUrl);
loadOwnScript(choice, nonce);

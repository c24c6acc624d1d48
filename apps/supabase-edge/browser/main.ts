import { createClient, type Session } from "@supabase/supabase-js";
import { createTokenSession, mountWidget } from "@widget-token/client";
import "@widget-token-apps/page/page.css";
import { loadOwnScript } from "@widget-token-apps/page/own-script";
import { showChoices, showUser } from "@widget-token-apps/page/page-elements";
import { readWidgetChoice } from "@widget-token-apps/page/widget-choices";
import type { PageConfig } from "../src/home-page.ts";

const config = JSON.parse(document.querySelector("#config")?.textContent ?? "") as PageConfig;
const choice = readWidgetChoice(config.sandboxUrl, Object.fromEntries(new URLSearchParams(location.search)));
const { nonce } = document.querySelector("script") ?? {};

const { auth } = createClient(config.supabaseUrl, config.publishableKey);

// Who is signed in by the last event; undefined before the first.
let present: Session | null | undefined;

const session = createTokenSession({
	endpoint: config.endpoint,
	widget: choice.contract.id,
	authorization: async () => {
		// Renews a session that has expired. It reads the browser's storage, where a change by another tab can be later than its event.
		const { data } = await auth.getSession();
		const isStale = present !== undefined && present?.user.id !== data.session?.user.id;
		return (isStale ? present : data.session)?.access_token;
	},
});

auth.onAuthStateChange((_event, signedIn) => {
	present = signedIn;
	if (signedIn === null) void session.signOut();
	else session.identify(signedIn.user.id);
	showUser(signedIn?.user.user_metadata["full_name"] ?? null, config.users, {
		signIn: ({ email, password }) => auth.signInWithPassword({ email, password }).then(rejectError),
		signOut: () => session.signOut(() => auth.signOut({ scope: "local" }).then(rejectError)),
	});
});

mountWidget(choice.contract, {
	session,
	embed: choice.embed,
	src: choice.src,
	settings: { ...choice.settings, container: document.querySelector("#widget") },
	nonce,
});

showChoices(choice, config.sandboxUrl);
loadOwnScript(choice, nonce);

// Supabase answers with its errors.
function rejectError({ error }: { readonly error: Error | null }): void {
	if (error !== null) throw error;
}

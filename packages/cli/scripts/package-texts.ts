/** What an assistant has to know of one package, beside what its manifest says. */
export interface PackageText {
	/** TypeScript that compiles against the package. */
	readonly example?: string;
	readonly lines: readonly string[];
}

/** The packages that are more than a provider. One that is not here is described by its manifest. */
export const packageTexts: Readonly<Record<string, PackageText>> = {
	"@widget-token/core": {
		example: `import { createTokenHandler } from "@widget-token/core";
import { bestChatBot } from "@widget-token/widgets";

declare function findUserOfSession(cookie: string | null): Promise<{ id: string; email: string; confirmed: boolean } | null>;

export const GET = createTokenHandler({
	widget: bestChatBot,
	identify: async (request) => {
		const user = await findUserOfSession(request.headers.get("cookie"));
		return user && { id: user.id, provider: "my-app", email: user.email, emailVerified: user.confirmed };
	},
});`,
		lines: [
			"`createTokenHandler({ identify, widget })` is the whole endpoint, as a function from Request to Response. Do not write headers, errors or the JWT yourself.",
			"`identify` returns null when nobody is signed in, and throws `WidgetTokenError` for a refused credential (401, 403) or an outage (503). It never returns null for an error.",
			"`emailVerified` is what the provider says; leave it out when it cannot say. Do not set it to true by hand.",
			"Express and node:http: `toNodeHandler(handler)` of @widget-token/core/node. Server-rendered pages: `handler.tokenFor(request)`.",
			'Fastify takes no listener as a route. Answer in a hook that runs before the body is parsed: `app.all("/api/widget-token", { onRequest: async (request, reply) => { reply.hijack(); await toNodeHandler(handler)(request.raw, reply.raw); } }, () => {});`',
			"A vendor that is not in @widget-token/widgets: `defineContract({ … })`; its options, such as `role`, go to `createMint(contract, options)` in `widgets`.",
			"The vendor's side: `createVerify(contract)` of @widget-token/core/verify.",
			"Every error has a `code`; `errorCodes` holds the status and the remedy of each.",
		],
	},
	"@widget-token/widgets": {
		example: `import { createMint } from "@widget-token/core";
import { jupid } from "@widget-token/widgets";

export const mint = createMint(jupid, { claims: { payload: ({ organization }) => ({ company_name: organization?.name ?? "" }) } });`,
		lines: [
			"Import a contract by its name; never copy one, and never write a claim's name by hand.",
			"On the page take @widget-token/widgets/browser, which holds what the browser needs and nothing else.",
			"A contract of your own as JSON: `contract.schema.json` in this package describes the format.",
		],
	},
	"@widget-token/client": {
		example: `import { createTokenSession, mountWidget } from "@widget-token/client";
import { bestChatBot } from "@widget-token/widgets/browser";

export const session = createTokenSession({ endpoint: "/api/widget-token" });
mountWidget(bestChatBot, { session, settings: { apiKey: "key-from-the-dashboard" } });`,
		lines: [
			"One session object for each page. It fetches, renews and forgets the token; do not fetch the endpoint yourself, and keep no token anywhere else.",
			"Sign out by `session.signOut(() => appSignOut())`: the widget is cleared before the app's session ends.",
			"Call `session.identify(userId)` whenever another user may have signed in without the page being loaded anew.",
			"A provider without cookies (Firebase, Supabase): give `authorization: async () => idToken`.",
			"Never import a package of the server's half here; no secret belongs in a browser.",
		],
	},
	"@widget-token/sandbox": {
		example: `import { createSandbox } from "@widget-token/sandbox";

const sandbox = createSandbox();
const { url } = await sandbox.listen({ port: 4600 });
console.log(url);`,
		lines: [
			"For development only: it plays the vendors on this machine and shows why a visitor is anonymous. Do not deploy it.",
			"`npx widget-token sandbox` starts it with the project's own keys.",
		],
	},
	"widget-token": {
		lines: [
			"Run it with `npx widget-token <command>`. `--json` answers with one JSON document.",
			"No command takes a secret as an argument: use `--secret-env`, `--secret-file` or `--secret-stdin`. Never read a secret yourself to pass it on.",
			"After a change, run `npx widget-token doctor --url <endpoint>`: every finding says what was expected, what came, and the fix.",
		],
	},
};

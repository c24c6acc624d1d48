import type { ProviderId } from "./auth-provider.ts";
import type { Imports } from "./code.ts";
import type { Runtime } from "./framework.ts";
import { unwritten } from "./unwritten.ts";

/** The code of an endpoint that a provider brings: one call, with options beside the widget's. */
export interface EndpointCode {
	readonly imports: Imports;
	/** Statements before the call. */
	readonly setup: readonly string[];
	readonly call: string;
	readonly options: readonly string[];
	/** `web`: a function from Request to Response. `node`: a listener of node:http. */
	readonly kind: "web" | "node";
}

/** What the code of a provider depends on. */
export interface EndpointCodeOptions {
	readonly runtime: Runtime;
	/** What the framework takes: a function from Request to Response, or a listener of node:http. */
	readonly host: EndpointCode["kind"];
	/** A variable of the environment as an expression; it may be undefined. */
	readonly variable: (name: string) => string;
	/** The path by which the file imports the app's Auth0 client. */
	readonly auth0Module: string;
	/** Whether the sessions of Supabase are in cookies. */
	readonly hasCookieSessions: boolean;
	readonly defaultOrigin: string;
	/** What the file is called in a message. */
	readonly file: string;
}

type Write = (options: EndpointCodeOptions) => EndpointCode;

const none = { imports: {}, setup: [], options: [] } as const;

const clerk: Write = ({ runtime, variable, defaultOrigin }) => {
	if (runtime === "next-app") {
		return { ...none, kind: "web", imports: { "@widget-token/clerk": ["withClerkWidgetToken"] }, call: "withClerkWidgetToken" };
	}
	const isNext = runtime === "next-pages";
	return {
		kind: "web",
		imports: {
			[isNext ? "@clerk/nextjs/server" : "@clerk/backend"]: ["createClerkClient"],
			"@widget-token/clerk/backend": ["createClerkTokenHandler"],
		},
		setup: [originsOf(variable(isNext ? "CLERK_AUTHORIZED_PARTIES" : "APP_ORIGIN"), defaultOrigin)],
		call: "createClerkTokenHandler",
		options: [
			`clerkClient: createClerkClient({\n\tsecretKey: ${variable("CLERK_SECRET_KEY")} ?? "",\n\tpublishableKey: ${variable(isNext ? "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY" : "CLERK_PUBLISHABLE_KEY")} ?? "",\n})`,
			"authorizedParties: origins",
			...(isNext ? [] : ["allowedOrigins: origins"]),
		],
	};
};

const firebase: Write = ({ runtime, host, variable, defaultOrigin }) => {
	const elsewhere = runtime === "worker" || runtime === "node";
	const options = elsewhere ? ["allowedOrigins: origins"] : [];
	const origins = elsewhere ? [originsOf(variable("APP_ORIGIN"), defaultOrigin)] : [];
	if (runtime === "worker") {
		return {
			kind: "web",
			imports: { "@widget-token/firebase/edge": ["createFirebaseTokenHandler"] },
			setup: origins,
			call: "createFirebaseTokenHandler",
			// The project's id is checked at once, and a missing one must not take the rest of the Worker down.
			options: [`projectId: ${variable("GOOGLE_CLOUD_PROJECT")} || "GOOGLE_CLOUD_PROJECT-is-not-set"`, ...options],
		};
	}
	const call = host === "node" ? "firebaseWidgetToken" : "createFirebaseTokenHandler";
	return {
		kind: host,
		imports: { "firebase-admin/app": ["getApps", "initializeApp"], "@widget-token/firebase": [call] },
		setup: ["// The app may have done so already.\nif (getApps().length === 0) initializeApp();", ...origins],
		call,
		options,
	};
};

const supabase: Write = ({ runtime, variable, defaultOrigin, hasCookieSessions }) => {
	const call = "withSupabaseWidgetToken";
	if (hasCookieSessions) return { ...none, kind: "web", imports: { "@widget-token/supabase/ssr": [call] }, call };
	return {
		kind: "web",
		imports: { "@widget-token/supabase": [call] },
		setup: runtime === "next-app" || runtime === "next-pages" ? [] : [originsOf(variable("APP_ORIGIN"), defaultOrigin)],
		call,
		options: runtime === "next-app" || runtime === "next-pages" ? [] : ["allowedOrigins: origins"],
	};
};

const auth0: Write = ({ runtime, auth0Module }) => {
	if (runtime === "node")
		return { ...none, kind: "node", imports: { "@widget-token/auth0/express": ["auth0WidgetToken"] }, call: "auth0WidgetToken" };
	const isPages = runtime === "next-pages";
	const call = isPages ? "withAuth0WidgetTokenApiRoute" : "withAuth0WidgetToken";
	return {
		...none,
		kind: isPages ? "node" : "web",
		imports: { [isPages ? "@widget-token/auth0/pages" : "@widget-token/auth0"]: [call], [auth0Module]: ["auth0"] },
		call,
		options: ["auth0"],
	};
};

const custom: Write = ({ runtime, file }) => ({
	kind: "web",
	imports: {
		"@widget-token/core": ["createTokenHandler", "WidgetTokenError"],
		...(runtime === "next-app" ? { "@widget-token/core/next": ["isNextControlFlow"] } : {}),
	},
	setup: [],
	call: "createTokenHandler",
	options: [
		[
			"// TODO: find the user of the request's session; return null when nobody is signed in. For example:",
			"//   identify: async (request) => {",
			'//     const user = await findUserOfSession(request.headers.get("cookie"));',
			'//     return user && { id: user.id, provider: "my-app", email: user.email, emailVerified: user.isConfirmed, name: user.name };',
			"//   },",
			"identify: async () => {",
			`\tthrow new WidgetTokenError("provider_misconfigured", { detail: ${JSON.stringify(`${unwritten.identify}, see ${file}`)} });`,
			"}",
		].join("\n"),
		...(runtime === "next-app" ? ["rethrow: isNextControlFlow"] : []),
	],
});

const writers: Readonly<Record<ProviderId, Write>> = { clerk, firebase, supabase, auth0, custom };

/** Writes a provider's part of an endpoint. */
export function writeEndpointCode(provider: ProviderId, options: EndpointCodeOptions): EndpointCode {
	return writers[provider](options);
}

function originsOf(variable: string, defaultOrigin: string): string {
	return `// The origins of your pages: whoever asks from another one is refused.\nconst origins = (${variable} || "${defaultOrigin}").split(",");`;
}

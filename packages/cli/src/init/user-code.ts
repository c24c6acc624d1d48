import type { ProviderId } from "./auth-provider.ts";
import type { Imports } from "./code.ts";

/** How the browser learns who is signed in. */
export interface UserCode {
	readonly imports: Imports;
	/** Statements of the module, before the session. */
	readonly setup: readonly string[];
	/** An option of the token session, for a provider without cookies. */
	readonly authorization: string | undefined;
	/** A hook of React: its statement, the condition under which nothing is known yet, the variable of that, and the present user's key. */
	readonly hook: { readonly statement: string; readonly unknown: string; readonly variable: string; readonly key: string } | undefined;
	/** A call that follows every change of the user, what it gives, and the call that ends it. */
	readonly subscription: { readonly call: string; readonly result: string; readonly end: string } | undefined;
}

/** What the code depends on. */
export interface UserCodeOptions {
	readonly dependencies: Readonly<Record<string, string>>;
	readonly isReact: boolean;
	readonly isNext: boolean;
	/** A variable of the browser's bundle as an expression that is always a text. */
	readonly variable: (name: string) => string;
	/** What the variable of the publishable key is called, without its prefix. */
	readonly supabaseKey: string;
	/** Whether the endpoint reads a bearer token in place of cookies. */
	readonly isBearer: boolean;
	/** The import of the app's module that sets the provider's SDK up in the browser; undefined where none is seen. */
	readonly ownModule: string | undefined;
}

type Write = (options: UserCodeOptions) => UserCode;

const none: UserCode = { imports: {}, setup: [], authorization: undefined, hook: undefined, subscription: undefined };

const clerk: Write = ({ dependencies, isReact }) => {
	const packageName = ["@clerk/nextjs", "@clerk/react", "@clerk/clerk-react"].find((name) => dependencies[name] !== undefined);
	if (!isReact || packageName === undefined) return none;
	const hook = { statement: "const { isLoaded, userId } = useAuth();", unknown: "!isLoaded", variable: "isLoaded", key: "userId" };
	return { ...none, imports: { [packageName]: ["useAuth"] }, hook };
};

const auth0: Write = ({ dependencies, isReact }) => {
	if (!isReact || dependencies["@auth0/nextjs-auth0"] === undefined) return none;
	const hook = { statement: "const { isLoading, user } = useUser();", unknown: "isLoading", variable: "isLoading", key: "user?.sub" };
	return { ...none, imports: { "@auth0/nextjs-auth0": ["useUser"] }, hook };
};

const firebase: Write = ({ ownModule }) => ({
	imports: { "firebase/auth": ["getAuth", "onAuthStateChanged"], ...(ownModule === undefined ? {} : { [ownModule]: [] }) },
	setup: [],
	authorization: "authorization: async () => getAuth().currentUser?.getIdToken()",
	hook: undefined,
	subscription: {
		call: "onAuthStateChanged(getAuth(), (user) => {\n\tif (user) session.identify(user.uid);\n\telse void session.signOut();\n})",
		result: "unsubscribe",
		end: "unsubscribe()",
	},
});

const supabase: Write = ({ isNext, variable, supabaseKey, isBearer, ownModule }) => {
	// In Next.js the module also runs on the server, where nothing may be created; in the browser this function gives one client.
	const client = isNext ? "supabase()" : "supabase";
	const create = (name: string): string => `${name}(${variable("SUPABASE_URL")}, ${variable(supabaseKey)})`;
	const own = ownModule === undefined ? undefined : { imports: { [ownModule]: ["supabase"] }, setup: [] };
	const created = isNext
		? { imports: { "@supabase/ssr": ["createBrowserClient"] }, setup: [`const supabase = () => ${create("createBrowserClient")};`] }
		: { imports: { "@supabase/supabase-js": ["createClient"] }, setup: [`const supabase = ${create("createClient")};`] };
	return {
		...(own ?? created),
		authorization: isBearer ? `authorization: async () => (await ${client}.auth.getSession()).data.session?.access_token` : undefined,
		hook: undefined,
		subscription: {
			call: `${client}.auth.onAuthStateChange((_event, current) => {\n\tif (current) session.identify(current.user.id);\n\telse void session.signOut();\n})`,
			result: "{ data }",
			end: "data.subscription.unsubscribe()",
		},
	};
};

const writers: Readonly<Record<ProviderId, Write>> = { clerk, auth0, firebase, supabase, custom: () => none };

export function writeUserCode(provider: ProviderId, options: UserCodeOptions): UserCode {
	return writers[provider](options);
}

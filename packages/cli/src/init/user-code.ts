import type { ProviderId } from "./auth-provider.ts";
import type { Imports } from "./code.ts";

/** How the browser learns who is signed in. */
export interface UserCode {
	readonly imports: Imports;
	/** Statements of the module, before the session. */
	readonly setup: readonly string[];
	/** A function that gives the bearer token, for a provider without cookies. */
	readonly authorization: string | undefined;
	/** A hook of React, and what it says as the `user` of `Widget`: an id, null for nobody, undefined while it is not known. */
	readonly hook: { readonly statement: string; readonly user: string } | undefined;
	/** A call with a listener that follows every change of the user. */
	readonly subscription: UserSubscription | undefined;
}

/** How to hear of each change of the user. */
export interface UserSubscription {
	subscribe(listener: string): string;
	/** The listener's parameters, the one that is there when somebody is signed in, and that user's key. */
	readonly parameters: string;
	/** A statement that the listener begins with. */
	readonly remember?: string;
	readonly present: string;
	readonly key: string;
	/** The call that ends it, on the `data` that the call gives; undefined where the call gives that function itself. */
	readonly end: string | undefined;
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
	return { ...none, imports: { [packageName]: ["useAuth"] }, hook: { statement: "const { userId } = useAuth();", user: "userId" } };
};

const auth0: Write = ({ dependencies, isReact }) => {
	if (!isReact || dependencies["@auth0/nextjs-auth0"] === undefined) return none;
	const hook = { statement: "const { isLoading, user } = useUser();", user: "isLoading ? undefined : (user?.sub ?? null)" };
	return { ...none, imports: { "@auth0/nextjs-auth0": ["useUser"] }, hook };
};

const firebase: Write = ({ ownModule }) => ({
	imports: { "firebase/auth": ["getAuth", "onAuthStateChanged"], ...(ownModule === undefined ? {} : { [ownModule]: [] }) },
	setup: [],
	authorization: "async () => getAuth().currentUser?.getIdToken()",
	hook: undefined,
	subscription: {
		subscribe: (listener) => `onAuthStateChanged(getAuth(), ${listener})`,
		parameters: "user",
		present: "user",
		key: "user.uid",
		end: undefined,
	},
});

const supabase: Write = ({ isNext, variable, supabaseKey, isBearer, ownModule }) => {
	// In Next.js the module also runs on the server, where nothing may be created; in the browser this function gives one client.
	const client = isNext ? "supabase()" : "supabase";
	const create = (name: string): string => `${name}(\n\t${variable("SUPABASE_URL")},\n\t${variable(supabaseKey)},\n)`;
	const sdk =
		ownModule !== undefined
			? { imports: { [ownModule]: ["supabase"] }, setup: [] }
			: isNext
				? { imports: { "@supabase/ssr": ["createBrowserClient"] }, setup: [`const supabase = () => ${create("createBrowserClient")};`] }
				: { imports: { "@supabase/supabase-js": ["createClient"] }, setup: [`const supabase = ${create("createClient")};`] };
	const subscription = {
		subscribe: (listener: string) => `${client}.auth.onAuthStateChange(${listener})`,
		parameters: "_event, current",
		present: "current",
		key: "current.user.id",
		end: "data.subscription.unsubscribe()",
	};
	if (!isBearer) return { ...sdk, authorization: undefined, hook: undefined, subscription };
	return {
		imports: sdk.imports,
		setup: [
			...sdk.setup,
			'// When another tab changes the user, what getSession() reads may be older than the event.\nlet latest = { userId: "", accessToken: "" };',
		],
		authorization: `async () => {\n\tconst { data } = await ${client}.auth.getSession();\n\treturn data.session?.user.id === latest.userId ? data.session.access_token : latest.accessToken;\n}`,
		hook: undefined,
		subscription: {
			...subscription,
			remember: 'latest = { userId: current?.user.id ?? "", accessToken: current?.access_token ?? "" };',
		},
	};
};

const writers: Readonly<Record<ProviderId, Write>> = { clerk, auth0, firebase, supabase, custom: () => none };

export function writeUserCode(provider: ProviderId, options: UserCodeOptions): UserCode {
	return writers[provider](options);
}

/** A set of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The prefixes by which bundlers publish a variable to browsers. */
export const publicPrefix: RegExp = /^(?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_|EXPO_PUBLIC_)/;

/** The environment variables of this runtime; none where it has no `process`, as in a Worker without Node compatibility. */
export function runtimeEnvironment(): Environment {
	return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

/**
 * Whether messages of other people's errors must stay out of the log: with `NODE_ENV=production`, and where the runtime
 * cannot say, as in a Worker without Node compatibility.
 */
export function isProduction(): boolean {
	try {
		// Written out, because bundlers put the value in its place.
		return typeof process === "undefined" || process.env.NODE_ENV === "production";
	} catch {
		return true;
	}
}

/** One variable. Deno asks for a permission first; a variable that may not be read is one that is not set. */
export function readVariable(env: Environment, name: string): string | undefined {
	try {
		return env[name];
	} catch {
		return undefined;
	}
}

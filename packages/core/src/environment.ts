import type { Environment } from "./secret.ts";

/** The environment variables of this runtime; none where it has no `process`, as in a Worker without Node compatibility. */
export function runtimeEnvironment(): Environment {
	return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

/** One variable. Deno asks for a permission first; a variable that may not be read is one that is not set. */
export function readVariable(env: Environment, name: string): string | undefined {
	try {
		return env[name];
	} catch {
		return undefined;
	}
}

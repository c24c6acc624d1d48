import type { Environment } from "./secret.ts";

/** The environment variables of this runtime; none where it has no `process`, as in a Worker without Node compatibility. */
export function runtimeEnvironment(): Environment {
	return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

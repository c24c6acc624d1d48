import { encodeBytes } from "#signing";
import { checkIdentity, type Identity } from "../identity/index.ts";

/** Names one user of one provider by the id that is signed, so that no two users share a name. Throws as `checkIdentity`. */
export function nameSubject(identity: Identity): string {
	checkIdentity(identity);
	return JSON.stringify([identity.provider, String(identity.id)]);
}

/** Hashes that name with SHA-256, shortened; undefined for an identity whose id cannot be signed. */
export async function hashSubject(identity: Identity): Promise<string | undefined> {
	let name: string;
	try {
		name = nameSubject(identity);
	} catch {
		return undefined;
	}
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
	return encodeBytes(digest.subarray(0, 12), "hex");
}

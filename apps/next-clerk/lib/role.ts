import type { User } from "@clerk/nextjs/server";
import type { Identity } from "@widget-token/core";

/** The user's role at a widget: from `publicMetadata`, which only the backend can write. */
export function role(_identity: Identity<User>, user: User): string | undefined {
	const { role } = user.publicMetadata;
	return typeof role === "string" ? role : undefined;
}

import type { Identity } from "@widget-token/core";

/** Visitors to try a widget with. Names are what users type into a profile, so some are hostile. */
export const trialVisitors: Readonly<Record<string, { readonly label: string; readonly identity: Identity | null }>> = {
	ada: { label: "Ada", identity: visitor("user_1", "ada@example.com", "Ada") },
	grace: { label: "Grace", identity: visitor("user_2", "grace@example.com", "Grace") },
	nameless: { label: "A user without a name", identity: visitor("user_3", "somebody@example.com") },
	long: {
		label: "A very long name",
		identity: visitor("user_4", "long@example.com", `Maximiliane ${"Alexandra-Wilhelmina ".repeat(6)}of Somewhere`),
	},
	hostile: {
		label: "A name made of HTML",
		identity: visitor("user_5", "html@example.com", '<img src=x onerror="alert(1)"><script>alert(2)</script>'),
	},
	nobody: { label: "Nobody (signed out)", identity: null },
};

function visitor(id: string, email: string, name?: string): Identity {
	return {
		id,
		provider: "sandbox",
		email,
		emailVerified: true,
		name,
		roles: ["user"],
		organization: { id: "org_1", slug: "example", name: "Example" },
	};
}

/** The texts by which code is known that is left for the integrator to write. The doctor looks for each of them. */
export const unwritten = {
	role: "TODO: map the user's role",
	claim: "TODO: fill the claim",
	identify: "identify is not written yet",
	user: "TODO: pass the signed-in user",
	session: "TODO: call session.identify",
	handOver: "TODO: hand the token to the widget",
	supabaseProject: "https://PROJECT.supabase.co",
} as const;

export type Unwritten = keyof typeof unwritten;

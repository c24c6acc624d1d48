/** The four providers, in the demo's order. */
export const providerIds = ["clerk", "firebase", "supabase", "auth0"] as const;

import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { supabaseFixtures, type Way } from "./fixtures.ts";

const ways: readonly Way[] = [
	{ credential: "bearer", mode: "getUser", algorithm: "ES256" },
	{ credential: "bearer", mode: "getUser", algorithm: "HS256" },
	{ credential: "bearer", mode: "getClaims", algorithm: "ES256" },
	{ credential: "bearer", mode: "getClaims", algorithm: "HS256" },
	{ credential: "cookie", mode: "getUser", algorithm: "ES256" },
	{ credential: "cookie", mode: "getClaims", algorithm: "ES256" },
];

for (const way of ways) describeProvider(supabaseFixtures(way));

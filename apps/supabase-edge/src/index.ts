import { createMint } from "@widget-token/core";
import { type SupabaseUser, withSupabaseWidgetToken } from "@widget-token/supabase";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";

// The user can write user_metadata, and not app_metadata.
const role = (_identity: unknown, user: SupabaseUser): string | undefined => user.app_metadata["role"];

// Shorter than the widget's default, to see the page replace a token: 20.
const lifetimeSeconds = Number(Deno.env.get("BESTCHATBOT_LIFETIME_SECONDS")) || undefined;

const widgetToken = withSupabaseWidgetToken({
	widgets: [createMint(onPilot, { role }), createMint(bestChatBot, { lifetimeSeconds }), hilal, jupid, createMint(customGpt, { role })],
	allowedOrigins: [Deno.env.get("APP_ORIGIN") ?? "http://localhost:3000"],
});

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? 8000) }, widgetToken);

import { createMint } from "@widget-token/core";
import { type SupabaseUser, withSupabaseWidgetToken } from "@widget-token/supabase";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";

// The user can write user_metadata, and not app_metadata.
const role = (_identity: unknown, user: SupabaseUser): string | undefined => user.app_metadata["role"];

const widgetToken = withSupabaseWidgetToken({
	widgets: [createMint(onPilot, { role }), bestChatBot, hilal, jupid, createMint(customGpt, { role })],
	allowedOrigins: [Deno.env.get("APP_ORIGIN") ?? "http://localhost:3000"],
});

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? 8000) }, widgetToken);

// The site: pages of the app's own origin, where a static host would serve them. The edge function is at another.
import { homePage, type PageConfig } from "./home-page.ts";

const read = (name: string, fallback: string): string => Deno.env.get(name) ?? fallback;

const config: PageConfig = {
	supabaseUrl: read("SUPABASE_URL", "http://127.0.0.1:54321"),
	publishableKey: read("SUPABASE_PUBLISHABLE_KEY", ""),
	endpoint: read("WIDGET_TOKEN_URL", "http://127.0.0.1:8000/functions/v1/widget-token"),
	users: JSON.parse(read("DEMO_USERS", "[]")),
	sandboxUrl: read("SANDBOX_URL", "http://127.0.0.1:4600"),
};
const assets: Readonly<Record<string, string>> = { "/assets/main.js": "text/javascript", "/assets/main.css": "text/css" };

async function serve(request: Request): Promise<Response> {
	const { pathname } = new URL(request.url);
	if (pathname === "/") return homePage(config);
	const type = assets[pathname];
	if (type === undefined) return new Response("There is no such page.", { status: 404 });
	const text = await Deno.readTextFile(new URL(`../dist/${pathname.replace("/assets/", "")}`, import.meta.url));
	return new Response(text, { headers: { "content-type": `${type}; charset=utf-8`, "x-content-type-options": "nosniff" } });
}

Deno.serve({ hostname: "127.0.0.1", port: Number(read("PORT", "3000")) }, serve);

import { type Context, Hono } from "hono";
import type { ReadAsset } from "./assets.ts";
import { type EmbedScript, listScripts, readElementSettings } from "./delivery.ts";
import type { EmbedConfig } from "./embed-config.ts";
import type { SandboxWidget } from "./widget.ts";

/** The scripts that pages load in place of the vendors'. */
export function createEmbedRoutes(widgets: Iterable<SandboxWidget>, readAsset: ReadAsset): Hono {
	const routes = new Hono();
	for (const widget of widgets) {
		for (const script of listScripts(widget.contract)) {
			routes.get(script.path, async (c) => {
				const styles = (await readAsset("shared.css")) + (await readAsset("embed.css"));
				return sendScript(c, await readAsset("embed.js"), { ...describeScript(widget, script, new URL(c.req.url).origin), styles });
			});
		}
	}
	return routes;
}

function describeScript({ contract }: SandboxWidget, { embeds }: EmbedScript, origin: string): Omit<EmbedConfig, "styles"> {
	const { id, name } = contract;
	return {
		origin,
		widget: { id, name },
		embeds,
		elementSettings: readElementSettings(contract),
		...(contract.scheme === "hmac" ? { identifierField: contract.message.field } : {}),
	};
}

// The bundle defines one variable; the function around it keeps that out of the page.
function sendScript(c: Context, bundle: string, config: EmbedConfig): Response {
	const json = JSON.stringify(config).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
	return c.body(`(() => {\n${bundle}\nwidgetTokenSandbox.startEmbed(${json});\n})();\n`, 200, {
		"content-type": "text/javascript; charset=utf-8",
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
		// The script is public and the same for everybody: a page with COEP may load it too.
		"cross-origin-resource-policy": "cross-origin",
	});
}

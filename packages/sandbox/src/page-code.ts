import { baseOf, readElementSettings, readEmbeds, refersTo, scriptPath, toKebabCase } from "./delivery.ts";
import { literal, type SnippetValues, writeAttributes, writeCalls } from "./snippet.ts";
import type { SandboxWidget } from "./widget.ts";

/** The code of a page that embeds a widget from the sandbox. */
export interface PageCode {
	/** The attributes of the vendor's script tag. */
	readonly attributes: Readonly<Record<string, string>>;
	/** What runs after it. */
	readonly script: string;
	/** The element that the page needs. */
	readonly elementId: string | undefined;
	readonly canRefresh: boolean;
	readonly canClear: boolean;
	/** The same as a developer would write it, without the token. */
	readonly shown: string;
}

/** What a page is written for. */
export interface PageCodeOptions {
	readonly widget: SandboxWidget;
	/** The name of the embed. */
	readonly embed: string;
	readonly origin: string;
	/** The token that the server renders into the page; undefined when nobody is signed in. */
	readonly token: string | undefined;
	/** Where the page fetches it from. */
	readonly endpoint: string;
	/** Sent with that request, and not part of what is shown. */
	readonly headers?: Readonly<Record<string, string>>;
}

/** Writes the page's code for an embed, in the way of the vendor's documentation. */
export function writePageCode({
	widget: { contract, settings },
	embed: name,
	origin,
	token,
	endpoint,
	headers = {},
}: PageCodeOptions): PageCode {
	const embeds = readEmbeds(contract);
	const embed = embeds[name] ?? {};
	const base = embeds[baseOf(contract, name) ?? ""];
	const elementId = `${contract.id}-widget`;
	const elementSettings = readElementSettings(contract);
	const values: SnippetValues = {
		script: origin + scriptPath(contract, name),
		token,
		elementId,
		elementSettings,
		setting: (setting) => settings[setting] ?? standIn(setting, contract.id, origin),
	};
	const { start = [], deliver, clear } = embed;
	const asksItself = refersTo(start, (reference) => reference === "resolver" || reference === "callback");
	const isSignedIn = token !== undefined;
	const deliveries = deliver === undefined ? "" : writeCalls(deliver, "token", values);
	const fetched = deliveries !== "" && isSignedIn;
	const tagged = base ?? embed;
	const calls = [
		// The page starts the widget that the embed adds a token to.
		base?.start === undefined ? "" : writeCalls(base.start, undefined, values),
		fetched ? `fetchToken().then((token) => {\n${indent(deliveries)}\n});` : writeCalls(start, asksItself ? "token" : undefined, values),
	]
		.filter(Boolean)
		.join("\n");
	const isDeferred = tagged.script?.attributes?.defer === true && calls !== "";
	const writeScript = (requestHeaders: Readonly<Record<string, string>>): string =>
		[
			fetched || asksItself ? writeFetch(endpoint, requestHeaders) : "",
			isDeferred ? `window.addEventListener("load", () => {\n${indent(calls)}\n});` : calls,
		]
			.filter(Boolean)
			.join("\n\n");
	const shownScript = writeScript({});
	const canRefresh = fetched && embed.refresh === true;
	const clearing = clear === undefined ? "" : writeCalls(clear, undefined, values);
	const needsElement = refersTo(tagged, (name) => Object.hasOwn(elementSettings, name));
	return {
		attributes: writeAttributes(tagged, values),
		script: [
			writeScript(headers),
			canRefresh ? onClick("refresh", `fetchToken().then((token) => {\n${indent(deliveries)}\n});`) : "",
			clearing === "" ? "" : onClick("sign-out", clearing),
		]
			.filter(Boolean)
			.join("\n\n"),
		elementId: needsElement ? elementId : undefined,
		canRefresh,
		canClear: isSignedIn && clearing !== "",
		shown: [
			needsElement ? `<div id="${elementId}"></div>` : "",
			writeTag(writeAttributes(tagged, { ...values, token: isSignedIn ? "<token>" : undefined })),
			shownScript === "" ? "" : `<script>\n${shownScript}\n</script>`,
			clearing === "" ? "" : `<script>\n// on sign-out:\n${clearing}\n</script>`,
		]
			.filter(Boolean)
			.join("\n"),
	};
}

/** A value for what the page gives next to the token. */
function standIn(setting: string, id: string, origin: string): string {
	if (setting === "appUrl") return `${origin}/${id}`;
	return /path/i.test(setting) ? "/" : `sandbox-${toKebabCase(setting)}`;
}

function writeFetch(endpoint: string, headers: Readonly<Record<string, string>>): string {
	const members = Object.entries({ accept: "application/json", ...headers }).map(([name, value]) => {
		return `${/^\w+$/.test(name) ? name : literal(name)}: ${literal(value)}`;
	});
	return `async function fetchToken() {
  const response = await fetch(${literal(endpoint)}, { headers: { ${members.join(", ")} } });
  if (!response.ok) throw new Error("The token endpoint answered " + response.status);
  return (await response.json()).token;
}`;
}

function onClick(id: string, code: string): string {
	return `document.getElementById(${literal(id)}).addEventListener("click", () => {\n${indent(code)}\n});`;
}

function writeTag(attributes: Readonly<Record<string, string>>): string {
	const written = Object.entries(attributes).map(([name, value]) => (value === "" ? `  ${name}` : `  ${name}="${value}"`));
	return `<script\n${written.join("\n")}\n></script>`;
}

function indent(text: string): string {
	return text.replace(/^/gm, "  ");
}

import { array, fail, type Members, members, oneOf, onlyKnown, settingName, text } from "./member-checks.ts";

const given = ["token", "resolver", "callback"];
const reference = /^\{([a-z][A-Za-z0-9]{0,63})\??\}$/;
const secureAddress = /^https:\/\/\S+$/;
// An attribute that runs code, or that decides what is loaded, is none of a contract's.
const attributeName = /^(?!on|src$|nonce$)[a-z][a-z0-9_-]{0,63}$/;
const globalName = /^(?!(?:constructor|prototype|__proto__)$)[A-Za-z_$][\w$]{0,63}$/;

/** Checks how a contract reaches the browser. */
export function checkDelivery(delivery: Members): void {
	onlyKnown(delivery, "delivery", ["settings", "embeds", "endpoint"]);
	const settings = delivery.settings === undefined ? {} : members(delivery.settings, "delivery.settings");
	for (const [name, rule] of Object.entries(settings)) {
		const path = `delivery.settings.${name}`;
		if (!settingName.test(name)) fail(path, `does not match ${settingName.source}`);
		if (given.includes(name)) fail(path, "has a name that the format uses itself");
		onlyKnown(members(rule, path), path, ["description"]);
		text((rule as Members).description, `${path}.description`);
	}
	const embeds = members(delivery.embeds, "delivery.embeds");
	members(embeds.default, "delivery.embeds.default");
	for (const [name, embed] of Object.entries(embeds)) {
		const path = `delivery.embeds.${name}`;
		if (!settingName.test(name)) fail(path, `does not match ${settingName.source}`);
		checkEmbed(members(embed, path), path, Object.keys(settings));
	}
	if (delivery.endpoint !== undefined) checkEndpoint(members(delivery.endpoint, "delivery.endpoint"));
}

function checkEmbed(embed: Members, path: string, settings: readonly string[]): void {
	onlyKnown(embed, path, ["script", "start", "deliver", "clear", "refresh", "anonymous"]);
	const script = embed.script === undefined ? undefined : members(embed.script, `${path}.script`);
	if (script !== undefined) checkScript(script, `${path}.script`, settings);
	for (const step of ["start", "deliver", "clear"] as const) {
		if (embed[step] === undefined) continue;
		const calls = array(embed[step], `${path}.${step}`);
		if (calls.length === 0) fail(`${path}.${step}`, "is empty");
		for (const [index, call] of calls.entries()) checkCall(members(call, `${path}.${step}.${index}`), `${path}.${step}.${index}`, settings);
	}
	for (const flag of ["refresh", "anonymous"] as const) {
		if (embed[flag] !== undefined && typeof embed[flag] !== "boolean") fail(`${path}.${flag}`, "is not true or false");
	}
	if (script?.tokenAttribute === undefined && embed.deliver === undefined && embed.start === undefined)
		fail(path, "has no way to give a token");
}

function checkScript(script: Members, path: string, settings: readonly string[]): void {
	onlyKnown(script, path, ["src", "attributes", "tokenAttribute"]);
	const src = text(script.src, `${path}.src`);
	if (src.startsWith("{")) checkReferences(src, `${path}.src`, settings);
	else text(src, `${path}.src`, secureAddress);
	const attributes = script.attributes === undefined ? {} : members(script.attributes, `${path}.attributes`);
	for (const [name, value] of Object.entries(attributes)) {
		if (!attributeName.test(name)) fail(`${path}.attributes.${name}`, `does not match ${attributeName.source}`);
		if (value !== true) checkReferences(text(value, `${path}.attributes.${name}`), `${path}.attributes.${name}`, settings);
	}
	if (script.tokenAttribute !== undefined) text(script.tokenAttribute, `${path}.tokenAttribute`, attributeName);
}

function checkCall(call: Members, path: string, settings: readonly string[]): void {
	onlyKnown(call, path, ["on", "call", "with"]);
	text(call.on, `${path}.on`, globalName);
	text(call.call, `${path}.call`, globalName);
	if (call.with !== undefined) checkReferences(array(call.with, `${path}.with`), `${path}.with`, [...given, ...settings]);
}

// A misspelt reference would reach the vendor as text.
function checkReferences(value: unknown, path: string, known: readonly string[]): void {
	if (typeof value === "object" && value !== null) {
		for (const member of Object.values(value)) checkReferences(member, path, known);
	} else if (typeof value === "string" && value.startsWith("{")) {
		const name = reference.exec(value)?.[1];
		if (name === undefined) fail(path, "holds a text that begins with { and is no reference");
		if (!known.includes(name as string)) fail(path, `refers to ${name}, which is not one of: ${known.join(", ") || "(none defined)"}`);
	}
}

function checkEndpoint(endpoint: Members): void {
	onlyKnown(endpoint, "delivery.endpoint", ["method", "path", "response"]);
	oneOf(endpoint.method, "delivery.endpoint.method", ["GET", "POST"]);
	if (endpoint.path !== undefined) text(endpoint.path, "delivery.endpoint.path", /^\/\S*$/);
	const response = members(endpoint.response, "delivery.endpoint.response");
	const format = oneOf(response.format, "delivery.endpoint.response.format", ["json", "text"]);
	onlyKnown(response, "delivery.endpoint.response", format === "json" ? ["format", "member"] : ["format"]);
	if (format === "json") text(response.member, "delivery.endpoint.response.member");
}

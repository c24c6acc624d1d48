import type { Contract, JsonValue } from "@widget-token/core";
import { readReference } from "@widget-token/core/reference";
import { printable } from "../terminal.ts";

type Embed = NonNullable<Contract["delivery"]>["embeds"]["default"];
type Call = NonNullable<Embed["start"]>[number];

/** How the token reaches the widget in the browser, as lines; of a contract that does not say, what holds for any. */
export function deliveryLines({ delivery, name }: Contract): string[] {
	if (delivery === undefined)
		return [`- The contract does not say how the page hands the token over: look it up in ${printable(name)}'s documentation.`];
	const settings = Object.entries(delivery.settings ?? {}).map(
		([setting, { description }]) => `- Page value \`${setting}\` (public): ${printable(description)}.`,
	);
	const embeds = Object.entries(delivery.embeds);
	const hasResolver = JSON.stringify(embeds).includes('"{resolver}"');
	return [
		`- In the code below, \`<…>\` stands for a value: \`<token>\` is the token${hasResolver ? ", `<resolver>` a function that returns a promise of it" : ""}.`,
		...settings,
		...embeds.flatMap(([embed, rules]) => [
			...(embeds.length > 1 ? [`- Variant "${embed}":`] : []),
			...embedLines(rules).map((line) => (embeds.length > 1 ? `  ${line}` : line)),
		]),
		...(delivery.endpoint === undefined ? [] : [endpointLine(delivery.endpoint)]),
	];
}

function embedLines({ script, start, deliver, clear, refresh, anonymous }: Embed): string[] {
	const asks = deliver === undefined && script?.tokenAttribute === undefined;
	const attributes = Object.entries(script?.attributes ?? {}).map(([name, value]) =>
		value === true ? name : `${name}=${JSON.stringify(referenceText(value) ?? value)}`,
	);
	return [
		...(script === undefined
			? []
			: [`- Script: ${valueText(script.src)}${attributes.length === 0 ? "" : ` with ${attributes.join(" ")}`}`]),
		...(script?.tokenAttribute === undefined
			? []
			: [`- In a page that the server renders for each request, the script's attribute \`${script.tokenAttribute}\` carries the token.`]),
		...(deliver === undefined ? [] : [`- With a token: ${callsText(deliver)}`]),
		...(start === undefined
			? []
			: [`- ${asks ? "Start; the widget asks for the token when it needs one" : "Without a token"}: ${callsText(start)}`]),
		clear === undefined
			? "- Signing out: the widget has no call for it, so reload the page after the app's own sign-out."
			: `- Signing out: ${callsText(clear)}, before the app's own session ends.`,
		refreshText(asks, refresh),
		anonymous === true
			? "- Visitors who are not signed in get the widget without a token."
			: "- Visitors who are not signed in do not get the widget.",
	].map(printable);
}

function refreshText(asks: boolean, refresh: boolean | undefined): string {
	if (asks) return "- Mint a token when the widget asks, not when the page loads.";
	return refresh === true
		? "- A newer token of the same user goes the same way."
		: "- A newer token cannot be handed over while the page lives.";
}

function callsText(calls: readonly Call[]): string {
	return calls.map(({ on, call, with: values = [] }) => `\`${on}.${call}(${values.map(valueText).join(", ")})\``).join(", then ");
}

// In code `{token}` would be an object: a reference is written as `<token>`, the rest as JSON.
function valueText(value: JsonValue): string {
	if (typeof value === "string") return referenceText(value) ?? (value.startsWith("http") ? value : JSON.stringify(value));
	if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
	if (typeof value === "object" && value !== null)
		return `{ ${Object.entries(value)
			.map(([name, member]) => `${name}: ${valueText(member)}`)
			.join(", ")} }`;
	return String(value);
}

function referenceText(value: string): string | undefined {
	const reference = readReference(value);
	return reference && `<${reference.name}${reference.isOptional ? ", if set" : ""}>`;
}

function endpointLine({ method, path, response }: NonNullable<NonNullable<Contract["delivery"]>["endpoint"]>): string {
	const body =
		response.format === "text"
			? "the bare token as text/plain, and a status other than 2xx when there is none"
			: `JSON with the token in \`${response.member}\``;
	return printable(`- The vendor's own sample asks ${method} ${path ?? "the endpoint"} and expects ${body}.`);
}

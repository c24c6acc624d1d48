import type { Contract, JsonValue } from "@widget-token/core";
import { readReference } from "@widget-token/core/reference";
import { javascriptKey, javascriptLiteral } from "../literals.ts";
import { camelCase, wordsOf } from "../naming.ts";
import { indent, type Lines } from "../source.ts";

type Embed = NonNullable<Contract["delivery"]>["embeds"]["default"];
type Call = NonNullable<Embed["start"]>[number];

/** The values that the page gives the widget, with their descriptions. */
export function pageSettings({ delivery }: Contract): [name: string, description: string][] {
	return Object.entries(delivery?.settings ?? {}).map(([name, { description }]) => [name, description]);
}

/**
 * The script that fetches the token and hands it to the widget, as the contract's first embed says.
 *
 * Without a delivery it leaves a function behind that fetches the token.
 */
export function footerScript(contract: Contract, member: string, endpoint: string, settings: string | undefined): Lines {
	const embed = contract.delivery?.embeds.default;
	const name = `${camelCase(wordsOf(contract.id))}Token`;
	const fetchLines = [
		"async function fetchToken() {",
		`    const response = await fetch(${endpoint}, { credentials: "same-origin", cache: "no-store" });`,
		'    if (!response.ok) throw new Error("No token: status " + response.status);',
		`    return (await response.json())${access(member)};`,
		"}",
	];
	if (embed === undefined) {
		return [
			"(function () {",
			indent("    ", fetchLines, `// Gives the widget its token; null when nobody is signed in.`, `window${access(name)} = fetchToken;`),
			"})();",
		];
	}
	return [
		"(async function () {",
		indent(
			"    ",
			settings && `const settings = ${settings};`,
			fetchLines,
			hasCalls(embed) && callLines,
			isAsking(embed) ? askingLines(embed) : deliveryLines(embed),
		),
		"})().catch((error) => console.error(error.message));",
	];
}

/** Whether the widget asks for its token by itself. */
function isAsking({ deliver, script }: Embed): boolean {
	return deliver === undefined && script?.tokenAttribute === undefined;
}

function askingLines(embed: Embed): Lines {
	return [
		"const resolver = async () => {",
		"    const token = await fetchToken();",
		'    if (token === null) throw new Error("Nobody is signed in");',
		"    return token;",
		"};",
		"const callback = (done) => resolver().then(done, () => {});",
		scriptLines(embed, false),
		embed.start?.map(callCode),
	];
}

function deliveryLines(embed: Embed): Lines {
	const { deliver, start, anonymous } = embed;
	return [
		// A visitor whom the vendor may not know is still one whom it may talk to.
		anonymous === true
			? ["const token = await fetchToken().catch((error) => {", "    console.error(error.message);", "    return null;", "});"]
			: "const token = await fetchToken();",
		anonymous !== true && "if (token === null) return;",
		scriptLines(embed, true),
		deliver &&
			(anonymous === true
				? [
						"if (token !== null) {",
						indent("    ", deliver.map(callCode)),
						...(start ? ["} else {", ...indent("    ", start.map(callCode))] : []),
						"}",
					]
				: deliver.map(callCode)),
		!deliver && start?.map(callCode),
	];
}

function scriptLines({ script, deliver, anonymous }: Embed, hasToken: boolean): Lines {
	if (script === undefined) return [];
	const attributes = Object.entries(script.attributes ?? {}).map(([name, value]) => {
		const optional = readReference(value)?.isOptional === true;
		const code = `script.setAttribute(${literal(name)}, ${value === true ? '""' : valueCode(value)});`;
		return optional ? `if (${valueCode(value as string)} != null) ${code}` : code;
	});
	const setToken = `script.setAttribute(${literal(script.tokenAttribute ?? "")}, token);`;
	const givesToken = hasToken && deliver === undefined && script.tokenAttribute !== undefined;
	return [
		'const script = document.createElement("script");',
		`script.src = ${valueCode(script.src)};`,
		attributes,
		givesToken && (anonymous === true ? `if (token !== null) ${setToken}` : setToken),
		"const loaded = new Promise((resolve, reject) => {",
		"    script.onload = resolve;",
		'    script.onerror = () => reject(new Error("The widget\'s script did not load"));',
		"});",
		"document.body.append(script);",
		"await loaded;",
	];
}

function hasCalls({ start, deliver }: Embed): boolean {
	return start !== undefined || deliver !== undefined;
}

const callLines = [
	"async function call(object, name, ...values) {",
	"    // The script may define it some time after it has loaded.",
	'    while (typeof window[object]?.[name] !== "function") await new Promise((resolve) => setTimeout(resolve, 50));',
	"    window[object][name](...values);",
	"}",
];

function callCode({ on, call, with: values = [] }: Call): string {
	return `await call(${[literal(on), literal(call), ...values.map(valueCode)].join(", ")});`;
}

function access(name: string): string {
	return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${literal(name)}]`;
}

function valueCode(value: JsonValue): string {
	if (typeof value === "string") {
		const reference = readReference(value)?.name;
		if (reference === undefined) return literal(value);
		if (["token", "resolver", "callback", "window"].includes(reference)) return reference;
		return `settings${access(reference)}`;
	}
	if (Array.isArray(value)) return `[${value.map(valueCode).join(", ")}]`;
	if (typeof value === "object" && value !== null) {
		return `{ ${Object.entries(value)
			.map(([name, member]) => `${javascriptKey(literal(name))}: ${valueCode(member)}`)
			.join(", ")} }`;
	}
	return String(value);
}

// Within HTML and PHP: neither the end of the element nor the beginning of PHP.
function literal(text: string): string {
	return javascriptLiteral(text).replace(/</g, "\\u003c").replace(/\?>/g, "?\\u003e");
}

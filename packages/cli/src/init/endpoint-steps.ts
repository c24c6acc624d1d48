import type { Choices } from "./choices.ts";
import type { EndpointFile } from "./endpoint-file.ts";
import { type FilePlan, isWritten, type Step } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { describeAddition } from "./served-widgets.ts";
import { unwritten } from "./unwritten.ts";
import { requiredCustomClaims, requiresRole, type WidgetCode } from "./widget-code.ts";
import { lacksMapping } from "./widget-options.ts";

/** The endpoint with what its place holds, the widget that is set up, and those that the file there serves already. */
export interface PlannedEndpoint {
	readonly endpoint: EndpointFile & FilePlan;
	readonly widget: WidgetCode;
	readonly present: readonly WidgetCode[];
}

/** What is left to do by hand in the endpoint's file, and in pages that know it as the endpoint of one widget. */
export function listEndpointSteps(project: Project, choices: Choices, planned: PlannedEndpoint): readonly Step[] {
	return [...addWidget(project, choices, planned), ...fillMappings(choices, planned), ...nameWidget(project, choices, planned)];
}

function addWidget(project: Project, { contract }: Choices, { endpoint, widget, present }: PlannedEndpoint): readonly Step[] {
	const { path, state, before = "" } = endpoint;
	if (state !== "own" || new RegExp(`\\b${widget.variable}\\b`).test(before)) return [];
	return [
		{
			file: endpoint.present ?? path,
			title: `Add ${contract.name} to the endpoint. The file has changes of yours, so it is left as it is.`,
			code: describeAddition(before, present, widget, endpoint.context).replaceAll("\t", project.indent),
			done: false,
		},
	];
}

function fillMappings({ contract, provider }: Choices, { endpoint, widget }: PlannedEndpoint): readonly Step[] {
	const text = isWritten(endpoint) ? endpoint.content : (endpoint.before ?? "");
	const step = (title: string, isLeft: boolean): Step => ({
		file: endpoint.present ?? endpoint.path,
		title: `${title} Until then nobody gets a token.`,
		code: undefined,
		done: !isLeft,
	});
	return [
		...(provider.id === "custom" ? [step("Write identify: who is the user of a request?", text.includes(unwritten.identify))] : []),
		...(requiresRole(contract) ? [step(`Map the user's role, which ${contract.name} requires.`, lacksMapping(text, widget, "role"))] : []),
		...(requiredCustomClaims(contract).length > 0
			? [step(`Fill the claims that ${contract.name} requires.`, lacksMapping(text, widget, "claims"))]
			: []),
	];
}

// An endpoint of several widgets refuses a request that names none.
function nameWidget({ files }: Project, { route }: Choices, { endpoint, widget, present }: PlannedEndpoint): readonly Step[] {
	const earlier = present.filter(({ variable }) => variable !== widget.variable);
	if (earlier.length === 0) return [];
	const asks = `(?:\\bcreateTokenSession\\([\\s\\S]*|\\bfetch\\(\\s*)["'\`]${route}["'\`]`;
	const names = String.raw`\bwidget\s*:|[?&]widget=|<Widget\b`;
	const file = files.findSource(new RegExp(`^(?![\\s\\S]*(?:${names}))[\\s\\S]*${asks}`), { except: [endpoint.path] });
	if (file === undefined) return [];
	const ids = earlier.map(({ contract }) => JSON.stringify(contract.id)).join(" or ");
	return [
		{
			file,
			title: `Say which widget the token is for, since the endpoint serves several: widget: ${ids} for createTokenSession(), ?widget= in an address.`,
			code: undefined,
			done: false,
		},
	];
}

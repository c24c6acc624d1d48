import { findAuth0File, planAuthFiles } from "./auth-files.ts";
import type { Choices } from "./choices.ts";
import { writeClientFile } from "./client-file.ts";
import { type EndpointFile, endpointPath, writeEndpointFile } from "./endpoint-file.ts";
import { type EnvPlan, planEnvFiles } from "./env-plan.ts";
import { installCommand } from "./package-manager.ts";
import { denoImports, missingPackages } from "./packages.ts";
import type { PlannedFile, Step } from "./planned-file.ts";
import { type FilePlan, isWritten } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { sourcePaths } from "./project-files.ts";
import { findServedWidgets } from "./served-widgets.ts";
import { listSteps } from "./steps.ts";
import { type WidgetCode, widgetCode } from "./widget-code.ts";

/** All that `init` would do. */
export interface Plan {
	readonly project: Project;
	readonly choices: Choices;
	readonly files: readonly FilePlan[];
	readonly env: readonly EnvPlan[];
	readonly steps: readonly Step[];
	readonly packages: readonly string[];
	/** Undefined when no package is missing. */
	readonly install: readonly [program: string, ...args: string[]] | undefined;
}

export async function createPlan(project: Project, choices: Choices): Promise<Plan> {
	const widget = widgetCode(choices.contract, choices.contractFile);
	const auth = planAuthFiles(project, choices);
	const present = await findServedWidgets(project.files, endpointPath(project, choices));
	const isServed = present.some(({ variable }) => variable === widget.variable);
	const write = (widgets: readonly WidgetCode[]): EndpointFile => writeEndpointFile(project, choices, widgets, findAuth0File(project).path);
	const endpoint = write(isServed ? present : [...present, widget]);
	const earlier = isServed || present.length === 0 ? undefined : write(present);
	const client = writeClientFile(project, choices, widget);
	const endpointPlan = { ...endpoint, ...compare(project, { ...endpoint, earlier: earlier?.content }) };
	const files = [
		endpointPlan,
		...[...planDenoFile(project, choices, endpoint, earlier), ...(client.isPlaced ? [client] : []), ...auth.files].map((file) => ({
			...file,
			...compare(project, file),
		})),
	];
	// The packages of an Edge Function are in its own import map; those of a page that lies elsewhere are that project's.
	const bundled = [...(choices.framework.id === "supabase-edge" ? [] : [endpoint, ...auth.files]), ...(client.isPlaced ? [client] : [])];
	const packages = project.hasManifest
		? missingPackages(
				project,
				choices,
				bundled.map(({ content }) => content),
			)
		: [];
	return {
		project,
		choices,
		files,
		env: planEnvFiles(project, choices),
		steps: [...auth.steps, ...listSteps(project, choices, { widget, present, endpoint: endpointPlan, client })],
		packages,
		install: packages.length === 0 ? undefined : installCommand(project.packageManager, packages),
	};
}

/** Whether there is anything to write. */
export function isSettled({ files, env }: Plan): boolean {
	return env.length === 0 && !files.some(isWritten);
}

function planDenoFile(
	project: Project,
	{ framework }: Choices,
	endpoint: EndpointFile,
	earlier: EndpointFile | undefined,
): readonly PlannedFile[] {
	if (framework.id !== "supabase-edge") return [];
	const write = (imports: Readonly<Record<string, string>>): string => `${JSON.stringify({ imports }, null, project.indent)}\n`;
	const imports = denoImports(endpoint.content);
	return [
		{
			path: endpoint.path.replace(/[^/]+$/, "deno.json"),
			purpose: "where Deno finds its packages",
			content: write(imports),
			earlier: earlier && write(denoImports(earlier.content)),
			marks: Object.keys(imports),
		},
	];
}

function compare(
	{ files }: Project,
	{ path, content, earlier, marks, rivals = [] }: PlannedFile,
): Pick<FilePlan, "state" | "present" | "before" | "content"> {
	// A module of the same name under another extension is in the way just as much.
	const others = path.endsWith(".json") ? [] : [path.replace(/\.\w+$/, ""), ...rivals].flatMap(sourcePaths);
	const place = files.firstOf([path, ...others]);
	const present = place === path ? undefined : place;
	if (place === undefined) return { state: "missing", present, before: undefined, content };
	const before = files.read(place) ?? "";
	const text = before.replaceAll("\r\n", "\n");
	if (text === content) return { state: "same", present, before, content };
	if (text === earlier && present === undefined)
		return { state: "earlier", present, before, content: before === text ? content : content.replaceAll("\n", "\r\n") };
	return { state: marks.every((mark) => text.includes(mark)) ? "own" : "conflict", present, before, content };
}

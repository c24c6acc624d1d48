import { findAuth0File, planAuthFiles } from "./auth-files.ts";
import type { Choices } from "./choices.ts";
import { writeClientFile } from "./client-file.ts";
import { type EndpointFile, writeEndpointFile } from "./endpoint-file.ts";
import { type EnvPlan, planEnvFiles } from "./env-plan.ts";
import { installCommand } from "./package-manager.ts";
import { denoImports, missingPackages } from "./packages.ts";
import type { PlannedFile, Step } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { sourcePaths } from "./project-files.ts";
import { listSteps } from "./steps.ts";
import { widgetCode } from "./widget-code.ts";

/**
 * What a file's place holds.
 *
 * - `missing`: nothing; the file is written.
 * - `same`: exactly what would be written.
 * - `own`: something else that does the same, such as the file after it has been worked on.
 * - `conflict`: something else, which is kept; what it needs is shown.
 */
export type FileState = "missing" | "same" | "own" | "conflict";

export interface FilePlan extends PlannedFile {
	readonly state: FileState;
	/** What is there, where its name differs from `path`. */
	readonly present: string | undefined;
}

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

export function createPlan(project: Project, choices: Choices): Plan {
	const widget = widgetCode(choices.contract, choices.contractFile);
	const auth = planAuthFiles(project, choices);
	const endpoint = writeEndpointFile(project, choices, widget, findAuth0File(project).path);
	const client = writeClientFile(project, choices, widget);
	const files = [endpoint, ...planDenoFile(project, choices, endpoint), ...(client.isPlaced ? [client] : []), ...auth.files];
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
		files: files.map((file) => ({ ...file, ...compare(project, file) })),
		env: planEnvFiles(project, choices),
		steps: [...auth.steps, ...listSteps(project, choices, widget, endpoint, client)],
		packages,
		install: packages.length === 0 ? undefined : installCommand(project.packageManager, packages),
	};
}

/** Whether there is anything to write. */
export function isSettled({ files, env }: Plan): boolean {
	return env.length === 0 && files.every(({ state }) => state !== "missing");
}

function planDenoFile(project: Project, { framework }: Choices, endpoint: EndpointFile): readonly PlannedFile[] {
	if (framework.id !== "supabase-edge") return [];
	const imports = denoImports(endpoint.content);
	return [
		{
			path: endpoint.path.replace(/[^/]+$/, "deno.json"),
			purpose: "where Deno finds its packages",
			content: `${JSON.stringify({ imports }, null, project.indent)}\n`,
			marks: Object.keys(imports),
		},
	];
}

function compare({ files }: Project, { path, content, marks, rivals = [] }: PlannedFile): Pick<FilePlan, "state" | "present"> {
	// A module of the same name under another extension is in the way just as much.
	const others = path.endsWith(".json") ? [] : [path.replace(/\.\w+$/, ""), ...rivals].flatMap(sourcePaths);
	const place = files.firstOf([path, ...others]);
	const present = place === path ? undefined : place;
	if (place === undefined) return { state: "missing", present };
	const text = files.read(place);
	if (text?.replaceAll("\r\n", "\n") === content) return { state: "same", present };
	return { state: marks.every((mark) => text?.includes(mark)) ? "own" : "conflict", present };
}

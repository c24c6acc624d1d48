import type { Contract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { type AuthProvider, authProvider, detectProviders, type ProviderId } from "../init/auth-provider.ts";
import type { Choices } from "../init/choices.ts";
import { detectFrameworks, type Framework, type FrameworkId, frameworks } from "../init/framework.ts";
import type { Project as InitProject } from "../init/project.ts";
import { type WidgetCode, widgetCode } from "../init/widget-code.ts";
import type { SourceFile } from "./source-files.ts";

/** A widget in the project's code, and the choices by which `init` would write the same. */
export interface Setup {
	readonly choices: Choices;
	readonly widget: WidgetCode;
	/** The file of the endpoint; undefined where this project has none. */
	readonly endpoint: SourceFile | undefined;
	/** The file that shows the widget; undefined where this project has none. */
	readonly client: SourceFile | undefined;
}

/** Finds the widgets that the project's own code serves or shows. */
export function findSetups(project: InitProject, sources: readonly SourceFile[], contracts: readonly Contract[]): readonly Setup[] {
	return contracts.flatMap((contract) => {
		const isOwn = !Object.values<Contract>(widgets).includes(contract);
		const widget = widgetCode(contract, isOwn ? "contract.json" : undefined);
		const isNamed = ({ text }: SourceFile): boolean => new RegExp(`\\b${widget.variable}\\b`).test(text);
		const endpoint = sources.find((file) => serverSide.test(file.text) && !browserSide.test(file.text) && isNamed(file));
		const client = sources.find((file) => browserSide.test(file.text) && (isNamed(file) || file.name.includes(`${contract.id}-widget.`)));
		if (endpoint === undefined && client === undefined) return [];
		return [{ choices: readChoices(project, contract, endpoint, client), widget, endpoint, client }];
	});
}

/** Whether the project has an endpoint of ours, and no code that shows its widget. */
export function lacksPage(sources: readonly SourceFile[]): boolean {
	return sources.some(({ text }) => serverSide.test(text)) && !sources.some(({ text }) => browserSide.test(text));
}

const serverSide = /["'](?:npm:)?@widget-token\/(core|clerk|firebase|supabase|auth0)\b/;
const browserSide = /["']@widget-token\/client\b/;

function readChoices(project: InitProject, contract: Contract, endpoint: SourceFile | undefined, client: SourceFile | undefined): Choices {
	const embed = /\bembed\s*[=:]\s*["']([\w-]+)["']/.exec(client?.text ?? "")?.[1];
	return {
		framework: readFramework(project, endpoint?.name),
		provider: readProvider(project, endpoint),
		contract,
		contractFile: undefined,
		embed: embed !== undefined && contract.delivery?.embeds[embed] !== undefined ? embed : "default",
		route: readRoute(endpoint?.name ?? ""),
		clientFile: client?.name,
		envFile: undefined,
		sandbox: false,
		because: { framework: "", provider: "", widget: "" },
	};
}

function readFramework(project: InitProject, path = ""): Framework {
	const id: FrameworkId | undefined = path.startsWith("supabase/functions/")
		? "supabase-edge"
		: project.next !== undefined && /(?:^|\/)pages\/api\//.test(path)
			? "next-pages"
			: detectFrameworks(project)[0]?.id;
	return frameworks.find((each) => each.id === (id ?? "express")) as Framework;
}

function readProvider(project: InitProject, endpoint: SourceFile | undefined): AuthProvider {
	const imported = [...(endpoint?.text ?? "").matchAll(new RegExp(serverSide, "g"))]
		.map(([, name]) => name)
		.find((name) => name !== "core");
	if (endpoint === undefined) return authProvider(detectProviders(project)[0]?.id ?? "custom");
	return authProvider((imported as ProviderId | undefined) ?? "custom");
}

// The last part alone counts, but for Next.js: by it the file and what it exports are named.
function readRoute(path: string): string {
	const inNext = /(?:^|\/)(?:app|pages)(\/.+?)(?:\/route)?\.[cm]?[jt]sx?$/.exec(path)?.[1];
	const name = /([^/]+?)(?:\/index)?\.\w+$/.exec(path)?.[1] ?? "widget-token";
	return inNext ?? (path.startsWith("supabase/") ? `/${name}` : `/api/${name}`);
}

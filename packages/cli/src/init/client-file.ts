import type { Choices } from "./choices.ts";
import type { ClientCode } from "./client-code.ts";
import { literal, relativeImport } from "./code.ts";
import { writeComponent } from "./component-code.ts";
import { hasCookieSessions } from "./framework.ts";
import { writeModule } from "./module-code.ts";
import { publicPrefix, readPageValues } from "./page-values.ts";
import type { PlannedFile } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { unwritten } from "./unwritten.ts";
import { writeUserCode } from "./user-code.ts";
import type { WidgetCode } from "./widget-code.ts";

/** The browser's part: a component, or a module that runs once in the page. */
export interface ClientFile extends PlannedFile {
	readonly kind: "component" | "module";
	/** Whether the project shows where it belongs. If not, it is code for the integrator to take over. */
	readonly isPlaced: boolean;
	/** The id of the element that the page has to hold for a module. */
	readonly elementId: string | undefined;
}

/** Writes the browser's part of a widget. */
export function writeClientFile(project: Project, choices: Choices, widget: WidgetCode): ClientFile {
	const { contract, framework, provider, embed } = choices;
	const placed = clientPath(project, choices);
	const path = placed ?? "widget.ts";
	const isComponent = /\.[jt]sx$/.test(path);
	const page = readPageValues(project, choices);
	const user = writeUserCode(provider.id, {
		dependencies: project.dependencies,
		isReact: isComponent,
		isNext: project.next !== undefined,
		variable: (name) => (publicPrefix(project) === undefined ? literal(name) : `${page.read(name)} ?? ""`),
		supabaseKey: page.isKnown("SUPABASE_ANON_KEY") ? "SUPABASE_ANON_KEY" : "SUPABASE_PUBLISHABLE_KEY",
		isBearer: !hasCookieSessions(project, framework),
		ownModule: findOwnModule(project, choices, path),
	});
	const isMounted = contract.delivery?.embeds[embed] !== undefined;
	const code: ClientCode = {
		project,
		contract,
		embed,
		page,
		user,
		widget: isMounted ? widget.browser(path) : undefined,
		endpoint: endpointAddress(project, choices, page.read),
	};
	return {
		path,
		purpose: isComponent ? "the component that shows the widget" : "what shows the widget in the page",
		content: isComponent ? writeComponent(code, widget.component) : writeModule(code),
		marks: ["@widget-token/client", ...(isMounted ? [widget.variable] : [])],
		kind: isComponent ? "component" : "module",
		isPlaced: placed !== undefined,
		elementId: !isComponent && page.settings.some(({ kind }) => kind !== "text") ? `${contract.id}-widget` : undefined,
	};
}

function clientPath(
	{ sourceFolder, isTypeScript, hasVite, hasReact, next }: Project,
	{ contract, clientFile }: Choices,
): string | undefined {
	if (clientFile !== undefined) return clientFile;
	const prefix = sourceFolder === "" ? "" : `${sourceFolder}/`;
	if (next !== undefined || (hasVite && hasReact)) return `${prefix}components/${contract.id}-widget.${isTypeScript ? "tsx" : "jsx"}`;
	return hasVite ? `${prefix}${contract.id}-widget.${isTypeScript ? "ts" : "js"}` : undefined;
}

function endpointAddress({ hasVite, next }: Project, { framework, route }: Choices, read: (name: string) => string): string {
	if (framework.id !== "supabase-edge") return literal(route);
	const path = `/functions/v1/${route.split("/").at(-1)}`;
	return next !== undefined || hasVite ? `\`\${${read("SUPABASE_URL")}}${path}\`` : literal(`${unwritten.supabaseProject}${path}`);
}

const ownModules = {
	firebase: [/from\s+["']firebase\/app["']/],
	supabase: [/export\s+const\s+supabase\b/, /from\s+["']@supabase\/(?:ssr|supabase-js)["']/],
} as const;

// The module that sets the provider's SDK up in the browser, so that there is one client in the page and not two.
function findOwnModule({ files, sourceFolder, next }: Project, { provider }: Choices, from: string): string | undefined {
	// In Next.js such a module may as well be the server's, and createBrowserClient gives one client anyway.
	if (provider.id !== "firebase" && (provider.id !== "supabase" || next !== undefined)) return undefined;
	const [first, ...others] = ownModules[provider.id];
	const found = files.findSource(first, { except: [from] });
	if (found === undefined || !found.startsWith(sourceFolder) || found.startsWith("supabase/")) return undefined;
	const text = files.read(found) ?? "";
	return others.every((pattern) => pattern.test(text)) ? relativeImport(from, found).replace(/\.\w+$/, "") : undefined;
}

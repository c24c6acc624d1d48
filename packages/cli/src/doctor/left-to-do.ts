import type { Contract } from "@widget-token/core";
import { writeClientFile } from "../init/client-file.ts";
import { writeEndpointFile } from "../init/endpoint-file.ts";
import { type EnvVariable, listEnvVariables } from "../init/env-variables.ts";
import { installCommand } from "../init/package-manager.ts";
import type { Step } from "../init/planned-file.ts";
import { type Project as InitProject, inspectProject } from "../init/project.ts";
import { listServeSteps } from "../init/serve-steps.ts";
import { listPages } from "../init/steps.ts";
import { type Unwritten, unwritten } from "../init/unwritten.ts";
import { camelCase, pageSettings } from "../init/widget-code.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { readInstalled } from "./package-manifest.ts";
import { hasValue, type Project } from "./project.ts";
import { findSetups, type Setup } from "./setups.ts";
import { withoutComments } from "./source-files.ts";

/** Whether all is done that `init` leaves to the integrator: by the same tables and steps that it writes and prints. */
export function checkLeftToDo(project: Project, contracts: readonly Contract[]): readonly Diagnosis[] {
	const seen = inspect(project.folder);
	if (seen === undefined) return [];
	const setups = findSetups(seen, project.sources, contracts);
	if (setups.length === 0) return [];
	return [
		...checkPackages(project, seen),
		...setups.flatMap((setup) => [...checkVariables(project, seen, setup), ...checkPageSettings(setup), ...checkSteps(seen, setup)]),
		...checkUnwritten(project),
	];
}

// The root of a workspace, and a folder without a package.json, are not an app's.
function inspect(folder: string): InitProject | undefined {
	try {
		return inspectProject(folder);
	} catch {
		return undefined;
	}
}

function checkPackages({ sources, dependencies, folder }: Project, { hasManifest, packageManager }: InitProject): readonly Diagnosis[] {
	if (!hasManifest) return [];
	const imported = sources
		// An Edge Function has an import map of its own.
		.filter(({ name }) => !name.startsWith("supabase/"))
		.flatMap(({ text }) => [...text.matchAll(/["'](@widget-token\/[a-z0-9-]+)(?:\/[^"']*)?["']/g)].map(([, name = ""]) => name));
	const missing = [...new Set(imported)].filter((name) => !dependencies.has(name) && readInstalled(folder, name) === undefined).sort();
	if (missing.length === 0) return [passed("packages", "package.json")];
	const remedy = `Run ${installCommand(packageManager, missing).join(" ")}`;
	return [failed("packages", { where: "package.json", got: `no ${missing.join(", ")}`, remedy })];
}

// A value that stands for another one, as documentation writes it.
const placeholder = /^<.*>$|(?<![a-z])your[-_ ]|change[-_ ]?me|replace[-_ ]?(?:me|this|with)|placeholder|\.{3}|x{6}/i;

function checkVariables(project: Project, seen: InitProject, { choices }: Setup): readonly Diagnosis[] {
	const { key, settings = {} } = choices.contract;
	// They have checks of their own.
	const own = new Set([key.env, ...Object.values(settings).map((rule) => rule.env)]);
	return listEnvVariables(seen, choices)
		.filter(({ name, isOptional }) => !isOptional && !own.has(name))
		.flatMap((variable) => checkVariable(project, variable));
}

function checkVariable(project: Project, { name, aliases, description }: EnvVariable): readonly Diagnosis[] {
	const { env, envFiles, sources } = project;
	const file = envFiles.find(({ kind, entries }) => kind !== "example" && entries.some((entry) => entry.name === name))?.name;
	const remedy = `Set it. ${description}.`;
	const given = [name, ...aliases].find((each) => hasValue(project, each));
	if (given !== undefined) {
		const value = env.values[given] ?? "";
		const where = env.fileOf(given) === undefined ? given : `${given} in ${env.fileOf(given)}`;
		return [
			placeholder.test(value) ? failed("variable-present", { where, got: "a placeholder", remedy }) : passed("variable-present", where),
		];
	}
	if (file !== undefined) return [failed("variable-present", { where: `${name} in ${file}`, got: "an empty value", remedy })];
	const reader = sources.find(({ text }) => new RegExp(`\\b${name}\\b`).test(withoutComments(text)));
	if (reader === undefined) return [];
	return [
		failed("variable-present", {
			where: `${name}, which ${reader.name} reads`,
			got: "neither in the environment nor in an env file",
			remedy,
		}),
	];
}

// Without a bundler there are no variables: the values stand in the code.
function checkPageSettings({ client, choices: { contract, embed } }: Setup): readonly Diagnosis[] {
	if (client === undefined) return [];
	return pageSettings(contract, embed)
		.filter(({ name, kind }) => kind === "text" && new RegExp(`\\b${name}["']?\\s*[:=]\\s*(?:""|'')`).test(client.text))
		.map(({ name, description }) =>
			failed("unwritten", { where: `${name} in ${client.name}`, got: "an empty text", remedy: `Write its value there: ${description}.` }),
		);
}

function checkSteps(seen: InitProject, { choices, widget, endpoint, client }: Setup): readonly Diagnosis[] {
	const written = writeEndpointFile(seen, choices, widget, "");
	const exported = camelCase(choices.route.split("/").at(-1) ?? "");
	const isExported = new RegExp(`\\bexport const ${exported}\\b`).test(endpoint?.text ?? "");
	const steps: readonly Step[] = [
		...(endpoint === undefined
			? []
			: listServeSteps(seen, choices, { ...written, path: endpoint.name, exported: isExported ? written.exported : undefined })),
		...(client === undefined || isEntry(client.name) ? [] : listPages(seen, choices, widget, writeClientFile(seen, choices, widget))),
	];
	const open = steps.filter(({ done }) => !done);
	if (open.length === 0) return steps.length === 0 ? [] : [passed("wired-up", choices.contract.id)];
	return open.map(({ file, title, code }) =>
		doubtful("wired-up", {
			where: file ?? client?.name ?? endpoint?.name ?? choices.contract.id,
			got: "nothing that does it yet",
			remedy: code === undefined ? title : `${title}\n${code}`,
		}),
	);
}

// What a framework loads by itself needs no import.
function isEntry(path: string): boolean {
	return (
		/(?:^|\/)(?:page|layout|template|default|_app|_document|index|main|App|root|entry\.client|\+\w+)\.\w+$/.test(path) ||
		/(?:^|\/)(?:pages|routes|plugins)\//.test(path) ||
		!/\.[cm]?[jt]sx?$/.test(path)
	);
}

// One entry for each mark that `init` leaves, so that a new one cannot be forgotten here.
const open: Readonly<Record<Unwritten, readonly [diagnose: typeof failed, got: string, remedy: string]>> = {
	role: [
		failed,
		"no mapping of roles yet, so that nobody gets a token",
		"Map the user's role there, from what the user cannot write, and delete the comment.",
	],
	claim: [
		failed,
		"no mapping of the claims that the widget requires, so that nobody gets a token",
		"Fill the claims there, and delete the comment.",
	],
	identify: [
		failed,
		"an identify that is not written yet, so that nobody gets a token",
		"Return the user of the request's session there, or null when nobody is signed in.",
	],
	user: [
		doubtful,
		"a page that does not say who is signed in",
		"Pass user={user.id}, null for nobody, and delete the comment: then no user gets the token of the one before.",
	],
	session: [
		doubtful,
		"a page that does not say who is signed in",
		"Call session.identify(user.id) once it is known who is signed in and session.signOut() on sign-out, and delete the comment: then no user gets the token of the one before.",
	],
	handOver: [
		failed,
		"a token that is not handed to the widget yet",
		"Hand it over there as the vendor documents it, and delete the comment.",
	],
	supabaseProject: [failed, "an address with a placeholder", "Write the id of your Supabase project in place of PROJECT."],
};

function checkUnwritten({ sources }: Project): readonly Diagnosis[] {
	const found = sources.flatMap(({ name, text }) =>
		(Object.keys(unwritten) as readonly Unwritten[]).flatMap((mark) => {
			const at = text.indexOf(unwritten[mark]);
			if (at === -1) return [];
			const [diagnose, got, remedy] = open[mark];
			return [diagnose("unwritten", { where: `${name}, line ${text.slice(0, at).split("\n").length}`, got, remedy })];
		}),
	);
	return found.length > 0 ? found : [passed("unwritten", "the project's code")];
}

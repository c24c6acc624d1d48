import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "@widget-token/core";
import { askGit } from "../git-ignore.ts";
import { findUnloaded } from "./env-loading.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { isLoopback } from "./loopback.ts";
import { findKeyPlaces, type Project, passesOption } from "./project.ts";

/** Whether git would publish an env file that holds a key. */
export function checkEnvFiles(project: Project, contracts: readonly Contract[]): readonly Diagnosis[] {
	const files = new Set(contracts.flatMap((contract) => findKeyPlaces(project, contract).flatMap(({ file }) => file ?? [])));
	return [...files].flatMap((file) => {
		const state = askGit(join(project.folder, file));
		if (state === "tracked") {
			return failed("env-file-ignored", {
				where: file,
				got: "the file is committed",
				remedy: `Run git rm --cached ${file}, add it to .gitignore, and issue new secrets: they stay in the history.`,
			});
		}
		if (state === "exposed") {
			return failed("env-file-ignored", {
				where: file,
				got: "the next git add would take it along",
				remedy: `Add ${file} to .gitignore.`,
				repair: () => ignore(project.folder, file),
			});
		}
		return passed("env-file-ignored", file);
	});
}

function ignore(folder: string, file: string): string {
	const path = join(folder, ".gitignore");
	const text = existsSync(path) ? readFileSync(path, "latin1") : "";
	const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
	appendFileSync(path, `${text === "" || text.endsWith("\n") ? "" : lineBreak}${file}${lineBreak}`, "latin1");
	return `added ${file} to .gitignore`;
}

/** Whether each setting without a default has a value. */
export function checkSettings(project: Project, contracts: readonly Contract[]): readonly Diagnosis[] {
	const { env } = project;
	const isPassed = passesOption(project, "settings");
	return contracts.flatMap(({ name, settings = {} }) =>
		Object.values(settings).flatMap((rule) => {
			const file = env.fileOf(rule.env);
			const unloaded = rule.default === undefined ? findUnloaded(project, "settings", rule.env, file) : undefined;
			if (unloaded !== undefined && env.values[rule.env]?.trim())
				return doubtful("setting-present", { where: `${rule.env} in ${file}`, ...unloaded });
			if (rule.default !== undefined || isPassed || env.values[rule.env]?.trim()) return passed("setting-present", rule.env);
			return failed("setting-present", {
				where: rule.env,
				got: "neither in the environment nor in an env file",
				remedy: `Set it: ${rule.description.slice(0, 1).toLowerCase()}${rule.description.slice(1)}, from the dashboard of ${name}.`,
			});
		}),
	);
}

const loopbackUrls = [
	"CLERK_API_URL",
	"SUPABASE_URL",
	"NEXT_PUBLIC_SUPABASE_URL",
	"VITE_SUPABASE_URL",
	"AUTH0_DOMAIN",
	"AUTH0_ISSUER_BASE_URL",
];

/** Whether production would ask an emulator or a backend on its own machine who the visitor is. */
export function checkEmulators({ env, processEnv, envFiles }: Project): readonly Diagnosis[] {
	const isProduction = processEnv.NODE_ENV === "production" || processEnv.VERCEL_ENV === "production";
	const settings = [
		...(isProduction ? [{ where: "the environment, with NODE_ENV=production", values: env.values }] : []),
		...envFiles
			.filter(({ kind }) => kind === "production")
			.map(({ name, entries }) => ({ where: name, values: Object.fromEntries(entries.map((entry) => [entry.name, entry.value])) })),
	];
	const found = settings.flatMap(({ where, values }) => [
		...(values.FIREBASE_AUTH_EMULATOR_HOST
			? [
					failed("emulator", {
						where: `FIREBASE_AUTH_EMULATOR_HOST in ${where}`,
						got: "the Auth emulator, with which unsigned tokens pass",
						remedy: "Unset it in production; every token request is refused while it is set.",
					}),
				]
			: []),
		...loopbackUrls
			.filter((name) => isLoopback(values[name] ?? ""))
			.map((name) =>
				doubtful("emulator", {
					where: `${name} in ${where}`,
					got: "an address of this machine",
					remedy: "Set the address of the auth provider, or unset it.",
				}),
			),
	]);
	return found.length > 0 ? found : [passed("emulator", isProduction ? "the environment" : "the env files of production")];
}

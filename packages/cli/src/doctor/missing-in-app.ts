import type { Contract } from "@widget-token/core";
import { findUnloaded, type Unloaded } from "./env-loading.ts";
import { type Diagnosis, failed } from "./finding.ts";
import { isLoopback } from "./loopback.ts";
import { describeStatus } from "./problem.ts";
import type { Project } from "./project.ts";

interface Missing {
	readonly check: "key-present" | "setting-present";
	readonly option: "secret" | "settings";
	/** The variables that the app lacks at least one of. */
	readonly variables: (contract: Contract) => readonly string[];
}

const missing: Readonly<Record<string, Missing>> = {
	secret_missing: { check: "key-present", option: "secret", variables: ({ key }) => [key.env] },
	setting_missing: {
		check: "setting-present",
		option: "settings",
		variables: ({ settings = {} }) => Object.values(settings).flatMap((rule) => (rule.default === undefined ? [rule.env] : [])),
	},
};

/** A running app's answer that a variable of the widget's is missing there. */
export interface MissingAnswer {
	readonly url: URL;
	readonly status: number;
	readonly code: string | undefined;
}

/** Explains such an answer by the variables of this folder; undefined for other codes, and where they are missing here too. */
export function explainMissing(project: Project, contract: Contract | undefined, answer: MissingAnswer): Diagnosis | undefined {
	const { url, status, code } = answer;
	const kind = code !== undefined && Object.hasOwn(missing, code) ? missing[code] : undefined;
	if (kind === undefined || contract === undefined) return undefined;
	const names = kind.variables(contract);
	const { values, fileOf } = project.env;
	const [first] = names;
	if (first === undefined || names.some((name) => !values[name])) return undefined;
	const file = fileOf(first);
	const { got, remedy } = isLoopback(url.hostname)
		? (findUnloaded(project, kind.option, first, file) ?? describeUnread(file))
		: { got: `it is here, but not on ${url.host}`, remedy: `Set ${names.join(" and ")} in the settings of that host, and deploy again.` };
	return failed(kind.check, {
		where: names.map((name) => (fileOf(name) === undefined ? name : `${name} in ${fileOf(name)}`)).join(", "),
		expected: "a value that the running server reads",
		got: `${describeStatus(status, code)}: ${got}`,
		remedy,
	});
}

function describeUnread(file: string | undefined): Unloaded {
	if (file === undefined)
		return {
			got: "it is in this shell's environment, but not in the server's",
			remedy: "Start the server from a shell that has it, or put it into the env file that the server loads.",
		};
	return {
		got: `it is in ${file}, which the running server has not loaded`,
		remedy: `Restart the server: it reads ${file} only when it starts. If that changes nothing, start it with --env-file=${file}, or pass \`env\`.`,
	};
}

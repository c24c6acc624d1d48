import { join } from "node:path";
import type { Contract, WidgetTokenError } from "@widget-token/core";
import { describeKey } from "../contract-description.ts";
import { openEnvFile } from "../env-file-change.ts";
import { findKeyProblem } from "../key-generation.ts";
import type { CheckId } from "./checks.ts";
import { findUnloaded } from "./env-loading.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { findKeyPlaces, type KeyPlace, type Project, passesOption } from "./project.ts";

/** Whether each widget's key is there, and can be used as it is. */
export async function checkKeys(project: Project, contracts: readonly Contract[]): Promise<readonly Diagnosis[]> {
	const diagnoses: Diagnosis[] = [];
	for (const contract of contracts) {
		const places = findKeyPlaces(project, contract);
		diagnoses.push(...checkPresence(project, contract, places));
		for (const place of places) diagnoses.push(...(await checkKey(project, contract, place)), ...checkExpansion(project, place));
	}
	return diagnoses;
}

function checkPresence(project: Project, contract: Contract, places: readonly KeyPlace[]): readonly Diagnosis[] {
	const [place] = places;
	const unloaded = place && findUnloaded(project, "secret", contract.key.env, place.file);
	if (unloaded !== undefined) return [doubtful("key-present", { where: place?.where ?? contract.key.env, ...unloaded })];
	if (place !== undefined || passesOption(project, "secret")) return [passed("key-present", contract.key.env)];
	return [
		failed("key-present", {
			where: contract.key.env,
			got: project.env.values[contract.key.env] === undefined ? "neither in the environment nor in an env file" : "an empty value",
			remedy: `Copy it from the dashboard of ${contract.name}, and pipe it into: widget-token secret ${contract.id} --secret-stdin`,
		}),
	];
}

type Judged = (problem: WidgetTokenError) => readonly [check: CheckId, got: string, remedy: string];

// By the core's codes, so that the doctor never calls a key good that the app refuses, nor the other way round.
const judged: Readonly<Record<string, Judged>> = {
	secret_quoted: ({ remedy }) => ["key-quotes", "a value wrapped in quotation marks, which are signed with", remedy],
	secret_whitespace: ({ remedy }) => ["key-whitespace", "a space or a line break at an end of the value", remedy],
	secret_placeholder: ({ remedy }) => ["key-placeholder", "what looks like a placeholder", remedy],
	secret_too_short: ({ detail, remedy }) => ["key-length", withoutPlace(detail), remedy],
	secret_is_pem: ({ remedy }) => ["key-form", "a PEM file", remedy],
	secret_is_jwk: ({ remedy }) => ["key-form", "the text of a JWK", remedy],
	secret_invalid: ({ detail, remedy }) => ["key-form", withoutPlace(detail), remedy],
	secret_shared: () => [
		"key-shared",
		"the key of another widget too",
		"Use each vendor's own secret; either vendor could sign for the other's widget.",
	],
};

const forms: readonly CheckId[] = ["key-quotes", "key-whitespace", "key-placeholder", "key-length", "key-form"];

/** Holds a key to the core's checks, of which each may hide the next: what is around the key is taken off, and it is asked again. */
async function checkKey(project: Project, contract: Contract, { value, where, file }: KeyPlace): Promise<readonly Diagnosis[]> {
	const found: Diagnosis[] = [];
	let text = value;
	for (let attempt = 0; attempt < 4; attempt++) {
		// A published copy has a check of its own.
		const problem = await findKeyProblem(contract, text, {});
		const [check, got, remedy] = (problem && judged[problem.code]?.(problem)) ?? [];
		if (problem === undefined || check === undefined) break;
		const expected = check === "key-length" || check === "key-form" ? { expected: describeKey(contract) } : {};
		found.push(failed(check, { where, got: got ?? "", remedy: remedy ?? "", ...expected }));
		if (check !== "key-quotes" && check !== "key-whitespace") break;
		text = check === "key-quotes" ? text.trim().slice(1, -1) : text.trim();
	}
	const [first, ...others] = found;
	if (first !== undefined && text !== value && file !== undefined) {
		const repair = (): string => {
			openEnvFile(join(project.folder, file), project.folder).write(contract.key.env, text);
			return `took off what was around ${contract.key.env} in ${file}`;
		};
		// The first is one of what is around the key, and one repair fixes all of that.
		return [{ ...first, repair }, ...others, ...forms.map((name) => passed(name, where))];
	}
	return [...found, ...forms.map((check) => passed(check, where))];
}

// The core's words after the place, which here is the variable.
function withoutPlace(detail = ""): string {
	return detail.replace(/^the `secret` option of [\w-]+ /, "");
}

// Next.js expands $NAME in an env file; a dollar sign of a key is written \$ there.
function checkExpansion({ dependencies, envFiles }: Project, { where, file }: KeyPlace): readonly Diagnosis[] {
	if (file === undefined || !dependencies.has("next")) return [];
	const name = where.slice(0, where.indexOf(" "));
	const source = envFiles.find((each) => each.name === file);
	const entry = source?.entries.findLast((each) => each.name === name);
	if (source === undefined || entry === undefined || !/(?<!\\)\$[\w{]/.test(source.written(entry))) return [passed("key-expansion", where)];
	return [
		doubtful("key-expansion", {
			where: `${where}, line ${source.lineOf(entry)}`,
			got: "a dollar sign before a name, which Next.js replaces by that variable's value",
			remedy: `Write \\$ for the dollar sign in ${file}.`,
		}),
	];
}

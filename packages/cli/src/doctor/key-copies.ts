import { randomBytes } from "node:crypto";
import type { Contract } from "@widget-token/core";
import { hilal } from "@widget-token/widgets";
import { findKeyProblem } from "../key-generation.ts";
import { type Diagnosis, failed, passed } from "./finding.ts";
import { findKeyPlaces, type Project } from "./project.ts";

/** Whether a widget's key is also where browsers, other vendors or readers of the repository get at it. */
export async function checkKeyCopies(project: Project, contracts: readonly Contract[]): Promise<readonly Diagnosis[]> {
	const diagnoses: Diagnosis[] = [];
	const variables = listVariables(project);
	for (const contract of contracts) {
		const { env } = contract.key;
		const places = findKeyPlaces(project, contract);
		const keys = new Set(places.map(({ bare }) => bare).filter((key) => key.length >= shortestKey));
		const isCopy = ({ name, value }: Variable): boolean =>
			keys.has(value.trim()) || (name.endsWith(`_${env}`) && value.trim().length >= shortestKey);
		for (const variable of variables.filter(isCopy)) {
			const { name, where, isExample } = variable;
			if (await isPublished(name)) {
				diagnoses.push(
					failed("key-public-copy", {
						where,
						got: `a variable of which the bundler puts the value into the browser's script`,
						remedy: `Remove ${name}, issue a new secret at ${contract.name}, and read ${env} on the server only.`,
					}),
				);
			} else if (isExample && keys.has(variable.value.trim())) {
				diagnoses.push(
					failed("key-in-example", {
						where,
						got: "the key that is in use",
						remedy: `Empty ${name} there; if the file was ever committed, issue a new secret at ${contract.name}.`,
					}),
				);
			} else if (sessionSecret.test(name) && name !== env && keys.has(variable.value.trim())) {
				diagnoses.push(
					failed("key-shared", {
						where: `${env} and ${where}`,
						got: "one value for both: who holds the widget's key could sign sessions of your app",
						remedy: `Use the secret that ${contract.name} has issued for ${env}, and a random one of its own for ${name}.`,
					}),
				);
			}
		}
		for (const { where } of places)
			for (const check of ["key-public-copy", "key-in-example", "key-shared"] as const) diagnoses.push(passed(check, where));
	}
	return diagnoses;
}

// Shorter texts are equal by chance, such as an empty value or `changeme`.
const shortestKey = 12;

// What auth libraries sign sessions with, or what asks a provider for anything.
const sessionSecret =
	/^(?:CLERK_SECRET_KEY|SUPABASE_(?:SERVICE_ROLE_KEY|SECRET_KEY|JWT_SECRET)|AUTH0_(?:SECRET|CLIENT_SECRET)|(?:NEXTAUTH|AUTH|BETTER_AUTH|SESSION|COOKIE|JWT|APP)_SECRET|SECRET_KEY(?:_BASE)?|DJANGO_SECRET_KEY)$/;

interface Variable {
	readonly name: string;
	readonly value: string;
	readonly where: string;
	readonly isExample: boolean;
}

function listVariables({ processEnv, envFiles }: Project): readonly Variable[] {
	return [
		...Object.entries(processEnv).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, where: name, isExample: false }])),
		...envFiles.flatMap((file) =>
			file.entries.map((entry) => ({
				name: entry.name,
				value: entry.value,
				where: `${entry.name} in ${file.name}, line ${file.lineOf(entry)}`,
				isExample: file.kind === "example",
			})),
		),
	];
}

/** Whether bundlers publish a variable of this name, by the word of the core: it refuses a key that such a variable holds. */
async function isPublished(name: string): Promise<boolean> {
	const key = randomBytes(32).toString("hex");
	return (await findKeyProblem(hilal, key, { [name]: key }))?.code === "secret_public";
}

import { type Diagnosis, doubtful, passed } from "./finding.ts";
import { isLoopback } from "./loopback.ts";
import { findMiddlewares } from "./middleware.ts";
import { hasValue, type Project } from "./project.ts";
import { withoutComments } from "./source-files.ts";

const variable = String.raw`\b(?:process\.env|import\.meta\.env|env|variables)(?:\.(\w+)|\[["'](\w+)["']\])`;
const fallback = new RegExp(String.raw`${variable}\s*(?:\?\?|\|\|)\s*\[?\s*["'\x60]([^"'\x60]+)["'\x60]`, "g");
// What the host sets by itself is there wherever the app is deployed.
const givenByHosts = /^(?:NODE_ENV|VERCEL\w*|RENDER_\w+|RAILWAY_\w+|FLY_\w+|URL|DEPLOY_\w+|CF_\w+)$/;

interface File {
	readonly name: string;
	readonly text: string;
	/** Whether it decides on the sessions of the whole app. */
	readonly isMiddleware: boolean;
}

/**
 * Whether the origins whose sessions Clerk accepts are known wherever the app is deployed.
 *
 * With the wrong ones everybody is signed out: of the whole app by a middleware, of the widget by its endpoint.
 */
export function checkAuthorizedParties(project: Project): readonly Diagnosis[] {
	const files: readonly File[] = [
		...findMiddlewares(project.folder).map(({ name, text }) => ({ name, text, isMiddleware: true })),
		...project.sources.map(({ name, text }) => ({ name, text, isMiddleware: false })),
	];
	return files
		.map((file) => ({ ...file, text: withoutComments(file.text) }))
		.filter(({ text }) => /\bauthorizedParties\b/.test(text))
		.map((file) => findGuess(project, file) ?? findUnset(project, file) ?? passed("authorized-parties", file.name));
}

function findGuess(project: Project, { name: where, text, isMiddleware }: File): Diagnosis | undefined {
	for (const [, dotted, quoted, guess = ""] of text.matchAll(fallback)) {
		const name = dotted ?? quoted ?? "";
		if (!isLoopback(guess) || (isMiddleware ? isSetInProduction(project, name) : hasValue(project, name))) continue;
		const scope = isMiddleware ? "the whole app" : "the widget";
		return doubtful("authorized-parties", {
			where,
			got: `${guess} as the only origin where ${name} is not set: a deployment without it signs everybody out of ${scope}`,
			remedy: isMiddleware
				? `Take the guess out: const authorizedParties = (process.env.${name} ?? "").split(",").filter(Boolean), and throw when it is empty in production. Set ${name} where you deploy, to the app's origins such as https://app.example.com.`
				: `Set ${name} to the app's origins, separated by commas: ${guess} here, one such as https://app.example.com where you deploy.`,
		});
	}
	return undefined;
}

function findUnset(project: Project, { name: where, text }: File): Diagnosis | undefined {
	const given = readGiven(text);
	const names = [...given.matchAll(new RegExp(variable, "g"))].map(([, dotted, quoted]) => dotted ?? quoted ?? "");
	const origins = [...given.matchAll(/["'`](https?:\/\/[^"'`]+)["'`]/g)].map(([, origin = ""]) => origin);
	const example = origins.find((origin) => /(?:^|[/.])example\.(?:com|org|net)(?=[:/]|$)/.test(origin));
	if (example !== undefined) {
		return doubtful("authorized-parties", {
			where,
			got: `${example}, an example`,
			remedy: "Write the origins of your own app in its place.",
		});
	}
	if (names.length === 0 && origins.length > 0 && origins.every(isLoopback)) {
		return doubtful("authorized-parties", {
			where,
			got: `${origins.join(", ")} alone, also in a deployment, where everybody is signed out`,
			remedy: "Add the origins that the app is deployed at, or take them from a variable.",
		});
	}
	const unset = names.filter((name) => !givenByHosts.test(name));
	if (unset.length === 0 || names.length > unset.length || origins.length > 0 || unset.some((name) => hasValue(project, name)))
		return undefined;
	const [name = ""] = unset;
	return doubtful("authorized-parties", {
		where,
		got: `${name}, which is not set: no session counts, or the app does not start, where it is missing in production`,
		remedy: `Set ${name} to the app's origins, separated by commas: one such as http://localhost:3000 here, one such as https://app.example.com where you deploy.`,
	});
}

// The expression that the option is given, and that of the constant which it names.
function readGiven(text: string): string {
	const option = /\bauthorizedParties\s*:\s*([^;]*?)(?=\n\s*(?:[\w]+\s*:|\}|\)|\.\.\.)|;|$)/.exec(text)?.[1] ?? "authorizedParties";
	const named = /^\w+(?=\s*(?:[,})]|$))/.exec(option)?.[0];
	if (named === undefined) return option;
	return new RegExp(String.raw`\b(?:const|let|var)\s+${named}\b[^=]*=\s*([^;]*?)(?:;|\n\n|$)`).exec(text)?.[1] ?? "";
}

function isSetInProduction({ processEnv, envFiles }: Project, name: string): boolean {
	const isProduction = processEnv.NODE_ENV === "production" && Boolean(processEnv[name]);
	return isProduction || envFiles.some(({ kind, entries }) => kind === "production" && holds(entries, name));
}

function holds(entries: Project["envFiles"][number]["entries"], name: string): boolean {
	return entries.some((entry) => entry.name === name && entry.value !== "" && !entry.value.split(",").every(isLoopback));
}

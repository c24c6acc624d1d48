import type { ProcessGroups } from "./process-groups.ts";
import { plainEnvironment, repositoryPath, resolvePackageFile } from "./repository.ts";

interface LogLine {
	readonly source: string;
	readonly text: string;
}

/** Builds the packages and the apps that have a build, as far as turbo's cache has not got them; `onTask` gets what is being done. */
export async function build(groups: ProcessGroups, onTask: (text: string) => void): Promise<string> {
	const turbo = groups.start({
		name: "turbo",
		args: [resolvePackageFile("turbo/bin/turbo"), "run", "build", "--filter=./apps/*", "--json"],
		cwd: repositoryPath(),
		env: plainEnvironment(),
	});
	const lines: LogLine[] = [];
	turbo.onLine((text) => {
		const line = readLine(text);
		lines.push(line);
		if (line.text.startsWith("cache miss")) onTask(`building ${line.source.replace("#build", "")}`);
	});
	const ended = await turbo.ended;
	if (turbo.stopping) throw new Error("The build was stopped");
	if (ended !== "code 0") throw describeFailure(lines, ended);
	await turbo.stop();
	return summarize(lines);
}

function readLine(text: string): LogLine {
	try {
		const { source, text: message } = JSON.parse(text) as Partial<Record<keyof LogLine, unknown>>;
		if (typeof source === "string" && typeof message === "string") return { source, text: message };
	} catch {
		// What turbo cannot say as JSON, such as an error in turbo.json, it says as text.
	}
	return { source: "turbo", text };
}

function summarize(lines: readonly LogLine[]): string {
	const tasks = new Set(lines.filter(({ source }) => source.endsWith("#build")).map(({ source }) => source));
	const cached = lines.filter(({ text }) => text.startsWith("cache hit")).length;
	return `Built ${tasks.size} workspaces, ${cached} of them from turbo's cache`;
}

// turbo's own lines name the task that failed; the reason is in the lines of the task.
function describeFailure(lines: readonly LogLine[], ended: string): Error {
	const failed = lines.flatMap(({ text }) => /Failed:\s+(\S+)#build/.exec(text)?.[1] ?? [])[0];
	const source = failed === undefined ? "turbo" : `${failed}#build`;
	const noise = /^\s*$|^\s+at |^npm (error|warn)/;
	const tail = lines.filter((line) => line.source === source && !noise.test(line.text)).slice(-25);
	const retry = `npx turbo run build${failed === undefined ? "" : ` --filter=${failed}`}`;
	const details = [...tail.map(({ text }) => `  ${text}`), `Try it alone: ${retry}`].join("\n");
	return new Error(`The build of ${failed ?? "the workspaces"} ended with ${ended}`, { cause: details });
}

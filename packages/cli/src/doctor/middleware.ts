import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Diagnosis, failed, passed } from "./finding.ts";
import { readInstalled } from "./package-manifest.ts";
import type { Project } from "./project.ts";
import { matchesPath, readMatchers } from "./route-matcher.ts";
import { readText } from "./source-files.ts";
import { isInRange } from "./version-range.ts";

const extensions = ["ts", "js", "mts", "mjs", "tsx", "jsx"];

interface Middleware {
	/** `proxy` since Next.js 16, `middleware` before. */
	readonly kind: string;
	readonly name: string;
	readonly text: string;
}

/**
 * Whether Clerk's middleware runs for the token's route: without it `auth()` throws there, and nobody has a session.
 *
 * `askedPath` is the path of the address that was given, where one was.
 */
export function checkMiddleware(project: Project, askedPath?: string): readonly Diagnosis[] {
	const { folder, dependencies } = project;
	if (!dependencies.has("@clerk/nextjs") || !dependencies.has("next")) return [];
	// Such an endpoint verifies the session itself.
	const imports = (module: string): boolean => project.sources.some(({ text }) => new RegExp(`["']${module}["']`).test(text));
	if (imports("@widget-token/clerk/backend") && !imports("@widget-token/clerk")) return [];
	const paths = new Set([...findRoutes(project), ...(askedPath === undefined ? [] : [askedPath])]);
	const version = readInstalled(folder, "next")?.version;
	const isBefore16 = version !== undefined && isInRange(version, ">=16.0.0") === false;
	const kind = isBefore16 ? "middleware" : "proxy";
	const base = existsSync(join(folder, "src", "app")) || existsSync(join(folder, "src", "pages")) ? "src/" : "";
	const found = findMiddlewares(folder);
	const right = found.find(
		(each) => each.name.startsWith(base) && each.name.includes("/") === (base !== "") && !(isBefore16 && each.kind === "proxy"),
	);
	const place = `${base}${kind}.ts`;
	if (right === undefined) {
		const [other] = found;
		const remedy =
			other === undefined
				? `Write ${place} with clerkMiddleware() as its default export.`
				: `Move it to ${place}: Next.js reads it nowhere else in this project.`;
		return [
			failed("middleware", {
				where: other?.name ?? place,
				got:
					other === undefined
						? "no such file"
						: `a file that Next.js does not read${isBefore16 && other.kind === "proxy" ? ` before version 16 (here: ${version})` : ""}`,
				remedy,
			}),
		];
	}
	if (!/\bclerkMiddleware\s*\(/.test(right.text)) {
		return [
			failed("middleware", {
				where: right.name,
				got: "no call of clerkMiddleware",
				remedy: "Make clerkMiddleware() of @clerk/nextjs/server its default export, or call it from there.",
			}),
		];
	}
	const matchers = readMatchers(right.text);
	if (matchers === undefined || matchers === "all") return [passed("middleware", right.name)];
	return [...paths].map((path) => {
		// A pattern that cannot be read may well match.
		if (matchers.some((pattern) => matchesPath(pattern, path) !== false)) return passed("middleware", `${right.name} for ${path}`);
		return failed("middleware", {
			where: `${right.name} for ${path}`,
			got: "a matcher that leaves the route out",
			remedy: `Add "${path}" to config.matcher.`,
		});
	});
}

/** Finds the files that Next.js runs before every route, also where it does not look for them. */
export function findMiddlewares(folder: string): readonly Middleware[] {
	return ["proxy", "middleware"].flatMap((kind) =>
		["", "src/"].flatMap((base) =>
			extensions.flatMap((extension) => {
				const name = `${base}${kind}.${extension}`;
				const text = readText(join(folder, name));
				return text === undefined ? [] : [{ kind, name, text }];
			}),
		),
	);
}

/** The paths of the routes whose code imports widget-token's server side. */
function findRoutes({ sources }: Project): readonly string[] {
	return sources.flatMap(({ name, text }) => {
		if (!/@widget-token\/(?:clerk|core)["'/]/.test(text)) return [];
		const inApp = /^(?:src\/)?app\/(.*)\/route\.[cm]?[jt]sx?$/.exec(name)?.[1];
		const inPages = /^(?:src\/)?pages\/(api\/.*)\.[cm]?[jt]sx?$/.exec(name)?.[1];
		const path = inApp ?? inPages?.replace(/\/index$/, "");
		if (path === undefined) return [];
		const segments = path.split("/").filter((segment) => !/^\(.*\)$/.test(segment) && !segment.startsWith("@"));
		// Whatever a parameter stands for.
		return [`/${segments.map((segment) => segment.replace(/^\[+.*\]+$/, "x")).join("/")}`];
	});
}

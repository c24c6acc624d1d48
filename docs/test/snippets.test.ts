import { execFile } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs/.snippets");

interface Snippet {
	/** The page or the source file, with the line. */
	readonly origin: string;
	readonly language: string;
	readonly code: string;
}

// Every fenced block of TypeScript in a page, and every `@example` of a docstring.
function readSnippets(): Snippet[] {
	const options = { cwd: root, exclude: (name: string) => name === "node_modules" || name === ".next" || name === "dist" };
	const pages = globSync(
		["README.md", "docs/*.md", "packages/*/README.md", "packages/*/AGENTS.md", "apps/*/README.md", "SECURITY.md", "CONTRIBUTING.md"],
		options,
	);
	const sources = globSync("packages/{core,widgets,clerk,firebase,supabase,auth0,client,sandbox}/src/**/*.{ts,tsx}", options);
	return [...pages, ...sources].flatMap((path) => {
		const lines = readFileSync(join(root, path), "utf8").split("\n");
		const snippets: Snippet[] = [];
		let open: { start: number; language: string; code: string[] } | undefined;
		for (const [index, raw] of lines.entries()) {
			const line = path.endsWith(".md") ? raw : raw.replace(/^\s*\* ?/, "");
			const fence = /^\s*```(\w*)/.exec(line);
			if (fence === null) open?.code.push(line);
			else if (open === undefined) open = { start: index + 1, language: fence[1] ?? "", code: [] };
			else {
				if (["ts", "tsx"].includes(open.language))
					snippets.push({ origin: `${path}:${open.start}`, language: open.language, code: open.code.join("\n") });
				open = undefined;
			}
		}
		return snippets;
	});
}

test("every snippet of the pages and the docstrings compiles against the packages", async () => {
	const snippets = readSnippets();
	expect(snippets.length).toBeGreaterThan(20);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const [index, { origin, language, code }] of snippets.entries()) {
		writeFileSync(join(folder, `${index}.${language}`), `// ${origin}\n${code}\nexport {};\n`);
	}
	const compilerOptions = { rootDir: root, jsx: "react-jsx", noUnusedLocals: false, types: ["node"] };
	const config = { extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts", "*.tsx", "../test/host-modules.d.ts"] };
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
	const problems = await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", folder], {
		cwd: folder,
	}).then(
		() => "",
		(error: Error & { stdout?: string }) => error.stdout || error.message,
	);
	expect(nameOrigins(problems, snippets)).toBe("");
	rmSync(folder, { recursive: true, force: true });
});

function nameOrigins(problems: string, snippets: readonly Snippet[]): string {
	return problems.replace(/^(?:\S*\/)?(\d+)\.tsx?/gm, (file, index: string) => snippets[Number(index)]?.origin ?? relative(root, file));
}

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@widget-token/core";
import { goRecipe } from "../src/recipes/go/go.ts";
import { nodeRecipe } from "../src/recipes/javascript/node.ts";
import { javascriptFunction } from "../src/recipes/javascript/signer.ts";
import { phpClass, phpException } from "../src/recipes/php/names.ts";
import { phpRecipe } from "../src/recipes/php/php.ts";
import { planRecipe, type RecipePlan } from "../src/recipes/plan.ts";
import { pythonRecipe } from "../src/recipes/python/python.ts";
import { pythonNames } from "../src/recipes/python/signer.ts";
import type { RecipeFile, RecipeGenerator } from "../src/recipes/recipe.ts";
import { rubyRecipe } from "../src/recipes/ruby/ruby.ts";
import { rubyModule } from "../src/recipes/ruby/signer.ts";
import type { RecipeCase } from "./recipe-cases.ts";

/** What came out of one call: the token, the vendor's condition that the user does not meet, or another error. */
export type RecipeOutcome = { readonly token: string } | { readonly refused: string } | { readonly failed: string };

/** The outcomes of each contract, in the order of its cases. */
export type RecipeOutcomes = Readonly<Record<string, readonly RecipeOutcome[]>>;

export type Environment = Readonly<Record<string, string>>;

/** A language's recipes, written to a folder and ready to be called. */
export interface RunningRecipes {
	readonly folder: string;
	call(cases: ReadonlyMap<Contract, readonly RecipeCase[]>, env: Environment): RecipeOutcomes;
	remove(): void;
}

export interface RecipeLanguage {
	readonly name: string;
	/** Whether its functions take a number for an id, and one role in place of several. */
	readonly isDynamic: boolean;
	/** Debian's packages that it needs. */
	readonly packages: string;
	prepare(contracts: readonly Contract[]): RunningRecipes;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const drivers = fileURLToPath(new URL("recipe-drivers", import.meta.url));

export const signingLanguages: readonly RecipeLanguage[] = [
	scripted("node", "", nodeRecipe, [process.execPath, join(drivers, "driver.mjs")], javascriptFunction),
	scripted("php", "php-cli", phpRecipe, ["php", join(drivers, "driver.php")], phpClass),
	scripted(
		"python",
		"python3-jwt python3-cryptography",
		pythonRecipe,
		["/usr/bin/python3", join(drivers, "driver.py")],
		(plan) => pythonNames(plan).function,
	),
	scripted("ruby", "ruby ruby-jwt", rubyRecipe, ["ruby", join(drivers, "driver.rb")], rubyModule),
	{
		name: "go",
		isDynamic: false,
		packages: "golang-go golang-github-golang-jwt-jwt-dev golang-github-google-uuid-dev",
		prepare: prepareGo,
	},
];

function scripted(
	name: string,
	packages: string,
	generate: RecipeGenerator,
	command: readonly [string, string],
	callable: (plan: RecipePlan) => string,
): RecipeLanguage {
	return {
		name,
		packages,
		isDynamic: true,
		prepare: (contracts) => {
			const folder = createFolder();
			const files = new Map(contracts.map((contract) => [contract, generate(contract).files]));
			for (const each of files.values()) writeFiles(folder, each);
			return {
				folder,
				remove: () => rmSync(folder, { recursive: true }),
				call: (cases, env) => {
					const jobs = [...cases].map(([contract, each]) => ({
						contract: contract.id,
						file: files.get(contract)?.[0]?.name,
						callable: callable(planRecipe(contract)),
						refusal: phpException(planRecipe(contract)),
						cases: each.map(({ inputs }) => inputs),
					}));
					return JSON.parse(execute(command, JSON.stringify({ folder, jobs }), folder, env, packages)) as RecipeOutcomes;
				},
			};
		},
	};
}

/** All contracts' packages and one program that calls them: one build. */
function prepareGo(contracts: readonly Contract[]): RunningRecipes {
	const gopath = createFolder();
	const folder = join(gopath, "src", "recipes");
	const names: (readonly [string, string])[] = [];
	for (const contract of contracts) {
		const { files } = goRecipe(contract);
		writeFiles(folder, files);
		names.push([contract.id, dirname(files[0]?.name ?? "")]);
	}
	writeFiles(folder, [{ name: "main.go", text: goProgram(names) }]);
	// Debian has version 4, whose functions that are used here are those of version 5.
	const library = join(gopath, "src", "github.com", "golang-jwt", "jwt");
	mkdirSync(library, { recursive: true });
	symlinkSync("/usr/share/gocode/src/github.com/golang-jwt/jwt", join(library, "v5"));
	const env = {
		GO111MODULE: "off",
		GOPATH: `${gopath}:/usr/share/gocode`,
		GOFLAGS: "-p=2",
		GOCACHE: process.env.GOCACHE ?? join(tmpdir(), "widget-token-go-cache"),
		CGO_ENABLED: "0",
	};
	const packages = "golang-go golang-github-golang-jwt-jwt-dev golang-github-google-uuid-dev";
	execute(["go", "build", "-o", join(folder, "run"), "recipes"], "", folder, env, packages);
	return {
		folder,
		remove: () => rmSync(gopath, { recursive: true }),
		call: (cases, variables) => {
			const jobs = [...cases].map(([contract, each]) => ({ contract: contract.id, cases: each.map(({ inputs }) => inputs) }));
			return JSON.parse(execute([join(folder, "run")], JSON.stringify(jobs), folder, variables, packages)) as RecipeOutcomes;
		},
	};
}

// Decoding JSON into each package's User takes the names of the fields without regard to case.
function goProgram(names: readonly (readonly [id: string, packageName: string])[]): string {
	const entries = names.map(
		([id, name]) => `	"${id}": func(input []byte) (string, error, error) {
		var user ${name}.User
		if err := json.Unmarshal(input, &user); err != nil {
			return "", err, nil
		}
		signer, err := ${name}.NewSigner()
		if err != nil {
			return "", err, nil
		}
		token, err := signer.Sign(user)
		return token, err, ${name}.ErrIdentity
	},`,
	);
	return `package main

import (
	"encoding/json"
	"errors"
	"os"

${names.map(([, name]) => `	"recipes/${name}"`).join("\n")}
)

var signers = map[string]func([]byte) (string, error, error){
${entries.join("\n")}
}

func main() {
	var jobs []struct {
		Contract string
		Cases    []json.RawMessage
	}
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		panic(err)
	}
	results := map[string][]map[string]string{}
	for _, job := range jobs {
		for _, input := range job.Cases {
			token, err, refusal := signers[job.Contract](input)
			outcome := map[string]string{"token": token}
			if err != nil && refusal != nil && errors.Is(err, refusal) {
				outcome = map[string]string{"refused": err.Error()}
			} else if err != nil {
				outcome = map[string]string{"failed": err.Error()}
			}
			results[job.Contract] = append(results[job.Contract], outcome)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
}
`;
}

/** A folder of its own in which Node.js finds the packages of this project. */
export function createFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "recipes-"));
	symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
	return folder;
}

export function writeFiles(folder: string, files: readonly RecipeFile[]): void {
	for (const { name, text } of files) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

/** Runs a program and returns what it prints. It gets the variables that are named and no others, so that no real key is near. */
export function execute(command: readonly string[], input: string, folder: string, env: Environment, packages: string): string {
	const [program = "", ...args] = command;
	const surroundings = { PATH: process.env.PATH ?? "", HOME: folder, LANG: "C.UTF-8" };
	const { error, status, stdout, stderr } = spawnSync(program, args, {
		input,
		cwd: folder,
		env: { ...surroundings, ...env },
		encoding: "utf8",
		maxBuffer: 2 ** 26,
	});
	if (error !== undefined && (error as NodeJS.ErrnoException).code === "ENOENT")
		throw new Error(`${program} is missing: apt-get install ${packages}`);
	if (error !== undefined || status !== 0)
		throw new Error(`${command.join(" ")} failed: ${error?.message ?? ""}\n${stdout.slice(0, 4000)}\n${stderr.slice(0, 4000)}`);
	return stdout;
}

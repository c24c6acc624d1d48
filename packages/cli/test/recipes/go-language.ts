import { mkdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Contract } from "@widget-token/core";
import { goRecipe } from "../../src/recipes/go/go.ts";
import { createFolder, execute, removeFolder, writeFiles } from "./folder.ts";
import type { RecipeLanguage, RecipeOutcomes, RunningRecipes } from "./language.ts";

const packages = "golang-go golang-github-golang-jwt-jwt-dev golang-github-google-uuid-dev";

/** Go, whose types take neither a number for an id nor one role for several. */
export const goLanguage: RecipeLanguage = { name: "go", isDynamic: false, hasLoneSurrogates: false, lowersUnicode: true, prepare };

/** All contracts' packages and one program that calls them: one build. */
function prepare(contracts: readonly Contract[]): RunningRecipes {
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
	execute(["go", "build", "-o", join(folder, "run"), "recipes"], "", folder, env, packages);
	return {
		folder,
		remove: () => removeFolder(gopath),
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

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Contract } from "@widget-token/core";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { awsLambdaRecipe } from "../../src/recipes/javascript/aws-lambda.ts";
import { cloudflareWorkerRecipe } from "../../src/recipes/javascript/cloudflare-worker.ts";
import { nodeRecipe } from "../../src/recipes/javascript/node.ts";
import { vercelFunctionRecipe } from "../../src/recipes/javascript/vercel-function.ts";
import type { Recipe, RecipeOptions } from "../../src/recipes/recipe.ts";
import { createFolder, type Environment, removeFolder, writeFiles } from "./folder.ts";

/** A deployed recipe. */
export interface Deployed {
	/** Where it is. */
	readonly origin: string;
	ask(request: Request): Promise<Response>;
}

/** Deployed recipes, by contract. */
export interface RunningHost {
	readonly of: (contract: Contract) => Deployed;
	readonly close: () => Promise<void>;
}

/** A host that runs endpoints, one for each contract. */
export interface RecipeHost {
	readonly name: string;
	/** Deploys the recipes of the contracts with these variables. `outbound` answers what a worker asks of the network. */
	deploy(
		contracts: readonly Contract[],
		options: RecipeOptions,
		env: Environment,
		outbound?: (request: Request) => Promise<unknown>,
	): Promise<RunningHost>;
}

export const recipeHosts: readonly RecipeHost[] = [
	{
		name: "cloudflare-worker",
		deploy: async (contracts, options, env, outbound) => {
			const workers = [];
			for (const contract of contracts) {
				const folder = writeRecipe(cloudflareWorkerRecipe(contract, options));
				// As wrangler bundles it.
				const bundle = await build({
					entryPoints: [join(folder, "worker.mjs")],
					bundle: true,
					write: false,
					format: "esm",
					target: "es2022",
					conditions: ["workerd", "worker", "browser"],
					external: ["node:*", "cloudflare:*"],
				});
				removeFolder(folder);
				workers.push({
					name: contract.id,
					modules: true,
					script: bundle.outputFiles[0]?.text ?? "",
					compatibilityDate: "2026-04-01",
					bindings: { ...env },
					// Past the entry of Miniflare, which refuses foreign origins itself.
					unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
					...(outbound === undefined ? {} : { outboundService: outbound as never }),
				});
			}
			const miniflare = new Miniflare({ host: "127.0.0.1", cf: false, workers });
			await miniflare.ready;
			const deployed = new Map<Contract, Deployed>();
			for (const contract of contracts) {
				const { origin } = await miniflare.unsafeGetDirectURL(contract.id);
				deployed.set(contract, { origin, ask: (request) => fetch(request) });
			}
			return { close: () => miniflare.dispose(), of: (contract) => deployed.get(contract) as Deployed };
		},
	},
	inProcess("vercel-function", vercelFunctionRecipe, async (recipe, folder) =>
		methods(await load(join(folder, recipe.files[0]?.name ?? ""))),
	),
	inProcess("aws-lambda", awsLambdaRecipe, async (_, folder) => {
		const { handler } = (await load(join(folder, "index.mjs"))) as {
			handler: (event: unknown) => Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;
		};
		return async (request) => {
			const url = new URL(request.url);
			const { cookie, ...headers } = Object.fromEntries(request.headers);
			const event = {
				version: "2.0",
				rawPath: url.pathname,
				headers,
				...(cookie === undefined ? {} : { cookies: cookie.split("; ") }),
				requestContext: { domainName: url.host, http: { method: request.method } },
			};
			const { statusCode, headers: answered, body } = await handler(event);
			return new Response(statusCode === 204 ? null : body, { status: statusCode, headers: answered });
		};
	}),
	inProcess("node", nodeRecipe, async (_, folder) => methods(await load(join(folder, "route.mjs")))),
];

export function hostOf(name: string): RecipeHost {
	const host = recipeHosts.find((each) => each.name === name);
	if (host === undefined) throw new Error(`There is no host ${name}`);
	return host;
}

function inProcess(
	name: string,
	generate: (contract: Contract, options: RecipeOptions) => Recipe,
	start: (recipe: Recipe, folder: string) => Promise<Deployed["ask"]>,
): RecipeHost {
	return {
		name,
		deploy: async (contracts, options, env) => {
			const folders: string[] = [];
			const deployed = new Map<Contract, Deployed>();
			for (const contract of contracts) {
				const recipe = generate(contract, options);
				const folder = writeRecipe(recipe);
				folders.push(folder);
				deployed.set(contract, { origin: "https://functions.example.com", ask: await start(recipe, folder) });
			}
			const before = { ...process.env };
			Object.assign(process.env, env);
			return {
				close: async () => {
					for (const folder of folders) removeFolder(folder);
					for (const variable of Object.keys(env))
						if (before[variable] === undefined) delete process.env[variable];
						else process.env[variable] = before[variable];
				},
				of: (contract) => deployed.get(contract) as Deployed,
			};
		},
	};
}

function methods(module: Record<string, unknown>): Deployed["ask"] {
	return async (request) => {
		const answer = module[request.method] as Deployed["ask"] | undefined;
		return answer === undefined ? new Response(null, { status: 405 }) : answer(request);
	};
}

async function load(file: string): Promise<Record<string, unknown>> {
	return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Record<string, unknown>;
}

function writeRecipe({ files }: Recipe): string {
	const folder = createFolder();
	writeFiles(folder, files);
	return folder;
}

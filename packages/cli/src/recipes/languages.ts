import type { RecipeGenerator, RecipeProvider } from "./recipe.ts";

/** A language or host that recipes are written for. */
export interface RecipeLanguage {
	readonly name: string;
	/** What the recipe is for, in a few words. */
	readonly description: string;
	/** Whether the recipe can read the user of an auth provider. */
	readonly hasProviders: boolean;
	readonly load: () => Promise<RecipeGenerator>;
}

/** Every language, in the order of the help. */
export const recipeLanguages: readonly RecipeLanguage[] = [
	{
		name: "node",
		description: "Node.js with jsonwebtoken",
		hasProviders: true,
		load: async () => (await import("./javascript/node.ts")).nodeRecipe,
	},
	{
		name: "php",
		description: "PHP with firebase/php-jwt",
		hasProviders: false,
		load: async () => (await import("./php/php.ts")).phpRecipe,
	},
	{
		name: "wordpress",
		description: "a WordPress plugin: endpoint and footer",
		hasProviders: false,
		load: async () => (await import("./php/wordpress.ts")).wordpressRecipe,
	},
	{
		name: "python",
		description: "Python with PyJWT",
		hasProviders: false,
		load: async () => (await import("./python/python.ts")).pythonRecipe,
	},
	{
		name: "django",
		description: "Django with PyJWT: function and view",
		hasProviders: false,
		load: async () => (await import("./python/django.ts")).djangoRecipe,
	},
	{
		name: "ruby",
		description: "Ruby with the gem jwt",
		hasProviders: false,
		load: async () => (await import("./ruby/ruby.ts")).rubyRecipe,
	},
	{ name: "go", description: "Go with golang-jwt v5", hasProviders: false, load: async () => (await import("./go/go.ts")).goRecipe },
	{
		name: "cloudflare-worker",
		description: "a Cloudflare Worker for a static site",
		hasProviders: true,
		load: async () => (await import("./javascript/cloudflare-worker.ts")).cloudflareWorkerRecipe,
	},
	{
		name: "vercel-function",
		description: "a Vercel Function for a static site",
		hasProviders: true,
		load: async () => (await import("./javascript/vercel-function.ts")).vercelFunctionRecipe,
	},
	{
		name: "aws-lambda",
		description: "an AWS Lambda function for a static site",
		hasProviders: true,
		load: async () => (await import("./javascript/aws-lambda.ts")).awsLambdaRecipe,
	},
];

/** The auth providers whose users a recipe can read. */
export const recipeProviders: readonly RecipeProvider[] = ["clerk", "firebase", "supabase", "auth0"];

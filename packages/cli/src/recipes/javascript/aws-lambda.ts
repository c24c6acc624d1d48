// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run
import type { Contract } from "@widget-token/core";
import { planRecipe } from "../plan.ts";
import type { Recipe, RecipeOptions } from "../recipe.ts";
import { joinLines } from "../source.ts";
import { endpointRecipe, staticReaders } from "./endpoint-recipe.ts";

/** An AWS Lambda function behind a function URL or an HTTP API, for a static site. */
export function awsLambdaRecipe(contract: Contract, { provider }: RecipeOptions = {}): Recipe {
	const plan = planRecipe(contract);
	const handler = joinLines(
		'import { respond } from "./endpoint.mjs";',
		"",
		"/** Answers a function URL or an HTTP API (payload format 2.0). */",
		"export async function handler({ headers, cookies = [], rawPath, requestContext }) {",
		"\tconst requestHeaders = new Headers(headers);",
		'\tif (cookies.length > 0) requestHeaders.set("cookie", cookies.join("; "));',
		"\tconst url = `https://${requestContext.domainName}${rawPath}`;",
		"\tconst request = new Request(url, { method: requestContext.http.method, headers: requestHeaders });",
		"\tconst response = await respond(request, process.env);",
		"\treturn { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };",
		"}",
	);
	return endpointRecipe(plan, {
		folder: "",
		library: "jose",
		reader: staticReaders[provider ?? "oidc"],
		files: [{ name: "index.mjs", text: handler }],
		run: `zip -r function.zip . && aws lambda update-function-code --function-name ${plan.id}-token --zip-file fileb://function.zip`,
		notes: [
			"Runtime nodejs22.x, handler index.handler. Leave the function URL's own CORS settings empty, for the function answers preflights itself.",
			`Keep ${plan.key.env} in the function's encrypted environment, or read it from Secrets Manager before the first request.`,
		],
	});
}

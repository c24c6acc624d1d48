/** What this app uses of Deno; a Deno editor knows the rest. */
declare const Deno: {
	readonly env: { get(name: string): string | undefined };
	serve(
		options: { readonly hostname: string; readonly port: number },
		handler: (request: Request) => Response | Promise<Response>,
	): unknown;
	readTextFile(path: URL): Promise<string>;
};

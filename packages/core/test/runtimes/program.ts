// What every runtime runs: it is copied beside the built package, so it may use nothing but the language and the web's APIs.
import { type Contract, createMint, createTokenHandler, defineContract } from "@widget-token/core";

export interface Vector {
	readonly name: string;
	readonly settings?: Record<string, string>;
	readonly identity: { readonly id: string; readonly provider: string };
	readonly options?: { readonly role?: string | string[]; readonly claims?: Record<string, never> };
}

export interface VectorFile {
	readonly contract: Contract;
	readonly key: { readonly secret?: string; readonly privateKey?: string };
	readonly now: number;
	readonly jti: string;
	readonly vectors: readonly Vector[];
}

export interface Data {
	readonly files: readonly VectorFile[];
	/** One key for each algorithm of a key pair. */
	readonly signers: readonly { readonly contract: Contract; readonly privateKey: string }[];
}

/** What came out: a token or a code for each vector, by contract and name, and for each algorithm; and the endpoint's answers. */
export interface Outcome {
	readonly outcomes: Record<string, string>;
	readonly signed: Record<string, string>;
	readonly answers: unknown[];
}

export async function run({ files, signers }: Data): Promise<Outcome> {
	const outcomes: Record<string, string> = {};
	for (const { contract, key, now, jti, vectors } of files) {
		for (const { name, settings, identity, options: { role, ...options } = {} } of vectors) {
			const mint = async (): Promise<string> => {
				// No `env` here: each runtime has, or has not, its own.
				const common = { secret: key.secret ?? key.privateKey, settings, now: () => now * 1000, jti: () => jti };
				return (
					await createMint(defineContract(contract), { ...common, ...options, role: role === undefined ? undefined : () => role })(identity)
				).token;
			};
			outcomes[`${contract.id}: ${name}`] = await mint().catch((error: { code?: string }) => error.code ?? String(error));
		}
	}
	// Where a runtime asks for permission to read the environment, or has none.
	outcomes["no secret"] = await refusalOf(files[0]?.contract as Contract);
	outcomes["an empty secret"] = await refusalOf(files[0]?.contract as Contract, "");
	outcomes["a short secret"] = await refusalOf(files[0]?.contract as Contract, "k3Y-s7");
	const signed: Record<string, string> = {};
	for (const { contract, privateKey } of signers) {
		const mint = async (): Promise<string> =>
			(await createMint(defineContract(contract), { secret: privateKey })({ id: "u_1", provider: "my-app" })).token;
		signed[contract.algorithm] = await mint().catch((error: { cause?: unknown }) => String(error.cause ?? error));
	}
	return { outcomes, signed, answers: await askEndpoint(files[0] as VectorFile) };
}

async function refusalOf(contract: Contract, secret?: string): Promise<string> {
	return createMint(defineContract(contract), { secret })({ id: "u_1", provider: "my-app" }).then(
		() => "a token",
		({ code }: { code: string }) => code,
	);
}

async function askEndpoint({ contract, key }: VectorFile): Promise<unknown[]> {
	const handler = createTokenHandler({
		widget: defineContract(contract),
		secret: key.secret,
		settings: { tenantId: "tenant_1", copilotId: "copilot_1" },
		now: () => 0,
		jti: () => "jti-1",
		timeoutSeconds: 0.05,
		onEvent: () => undefined,
		identify: async ({ headers }) => {
			if (headers.get("x-case") === "slow") await new Promise(() => undefined);
			return headers.get("x-case") === "nobody" ? null : { id: "u_1", provider: "my-app", name: "Zoë" };
		},
	});
	const answers: unknown[] = [];
	for (const [method, headers] of [
		["GET", {}],
		["POST", { accept: "text/plain" }],
		["GET", { "x-case": "nobody" }],
		["GET", { "x-case": "slow" }],
		["PUT", {}],
		["GET", { origin: "https://evil.example" }],
	] as const) {
		const response = await handler(new Request("https://app.example.com/api/widget-token", { method, headers }));
		answers.push([response.status, [...response.headers].sort(), await response.text()]);
	}
	return answers;
}

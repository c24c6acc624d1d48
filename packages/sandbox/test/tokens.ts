import { type Contract, createMint, defineContract, type Identity, type MintOptions } from "@widget-token/core";
import type { Sandbox } from "../src/index.ts";

/** A user of the app. */
export const ada: Identity = { id: "user_1", provider: "test", email: "Ada@example.com", emailVerified: true, name: "Ada" };
export const grace: Identity = { id: "user_2", provider: "test", email: "grace@example.com", emailVerified: true, name: "Grace" };

/** Mints as an app does that has pasted the sandbox's environment lines. */
export async function mintFor(sandbox: Sandbox, contract: Contract, identity: Identity = ada, options: MintOptions = {}): Promise<string> {
	const needsRole =
		contract.scheme === "jwt" && Object.values(contract.claims).some(({ from, required }) => from === "role" && required === true);
	const { token } = await createMint(defineContract(contract), {
		env: sandbox.env,
		...(needsRole ? { role: () => ["Support Team"] } : {}),
		...options,
	})(identity);
	return token;
}

/** What the vendor's endpoint answers. */
export interface VerifyAnswer {
	readonly verified: boolean;
	readonly claims?: Readonly<Record<string, unknown>>;
	readonly reason?: string;
	readonly code?: string;
}

/** Asks the endpoint as an embed script does, from a page of the app. */
export function askVendor(
	sandbox: Sandbox,
	widget: string,
	token: string,
	init: { readonly origin?: string; readonly identifier?: string } = {},
): Promise<Response> {
	const { origin = "http://localhost:3000", identifier } = init;
	return sandbox.fetch(
		new Request(`http://127.0.0.1:4600/api/widget/verify-jwt?widget=${widget}`, {
			method: "POST",
			headers: { "content-type": "application/json", origin },
			body: JSON.stringify({ token, identifier }),
		}),
	);
}

/** Gets a page of the sandbox. */
export async function getPage(sandbox: Sandbox, path: string): Promise<string> {
	return (await sandbox.fetch(new Request(`http://127.0.0.1:4600${path}`))).text();
}

/** Asks for a new key, or with `key/removal` for none, as the dashboard's own buttons do. */
export function pressKeyButton(
	sandbox: Sandbox,
	widget: string,
	button: "key" | "key/removal" = "key",
	origin: string | null = "http://127.0.0.1:4600",
): Promise<Response> {
	return sandbox.fetch(
		new Request(`http://127.0.0.1:4600/widgets/${widget}/${button}`, {
			method: "POST",
			headers: { "content-type": "application/x-www-form-urlencoded", ...(origin === null ? {} : { origin }) },
		}),
	);
}

/** The value that a trial page of the sandbox carries for its token route. */
export async function readPageValue(sandbox: Sandbox): Promise<string> {
	return /"sandbox-page": "([\w-]+)"/.exec(await getPage(sandbox, "/widgets/bestchatbot/try"))?.[1] ?? "";
}

/** Fetches a trial token as the sandbox's own page does. */
export async function fetchTrialToken(sandbox: Sandbox, widget: string, choice: Readonly<Record<string, string>> = {}): Promise<string> {
	const page = await getPage(sandbox, `/widgets/${widget}/try`);
	const [value = await readPageValue(sandbox)] = /(?<="sandbox-page": ")[\w-]+/.exec(page) ?? [];
	const request = new Request(`http://127.0.0.1:4600/widgets/${widget}/token?${new URLSearchParams(choice)}`, {
		headers: { "sandbox-page": value },
	});
	const { token } = (await (await sandbox.fetch(request)).json()) as { token: string };
	return token;
}

import { type Answer, ask, codeOf } from "./answer.ts";
import type { Provider, RequestHeaders, RunningProvider, SignIn } from "./providers/provider.ts";
import type { Finding, VendorAccounts, VendorCheck } from "./vendor-check.ts";
import { type VendorId, vendorIds } from "./vendor-pages.ts";

/** One provider's user at one widget: a cell of the table. */
export interface Cell {
	readonly provider: Provider["id"];
	readonly widget: VendorId;
	/** What is not as it should be; empty when the vendor would accept the token. */
	readonly findings: readonly Finding[];
	readonly status: number | null;
	readonly headers: Readonly<Record<string, string>>;
	readonly token: string | null;
	/** What the vendor verifies with: the shared secret, or the public key as PEM. */
	readonly verificationKey: string;
	readonly header: Readonly<Record<string, unknown>> | null;
	readonly claims: Readonly<Record<string, unknown>> | null;
	/** From `iat` to `exp`, in seconds. */
	readonly lifetimeSeconds: number | null;
}

/** The vendors' side of the table. */
export interface Vendors extends VendorCheck {
	readonly accounts: VendorAccounts;
}

/** Fetches the tokens of a signed-in user for the five widgets and has each checked by its vendor. */
export async function fillRow(provider: Provider, { endpoint }: RunningProvider, signIn: SignIn, vendors: Vendors): Promise<Cell[]> {
	const cells: Cell[] = [];
	for (const widget of vendorIds) {
		const cell = await fillCell(provider, endpoint, widget, signIn, vendors);
		// Jupid takes each token once, so the second one of the same user has to differ.
		const second = widget === "jupid" ? await fillCell(provider, endpoint, widget, signIn, vendors) : cell;
		cells.push(cell.findings.length === 0 ? { ...cell, findings: second.findings } : cell);
	}
	return cells;
}

/** The row of a provider for which nothing could be asked. */
export function failRow(provider: Provider, finding: Finding, { accounts }: Vendors): Cell[] {
	return vendorIds.map((widget) => emptyCell(provider, widget, accounts, [finding]));
}

async function fillCell(
	provider: Provider,
	endpoint: string,
	widget: VendorId,
	{ user, headers, credentials }: SignIn,
	vendors: Vendors,
): Promise<Cell> {
	let answer: Answer;
	try {
		answer = await ask(endpoint, widget, headersFor(widget, headers));
	} catch (error) {
		const got = error instanceof Error ? error.message : String(error);
		return emptyCell(provider, widget, vendors.accounts, [{ about: "answer", expected: `an answer of ${endpoint}`, got }]);
	}
	const { status } = answer;
	const token = readToken(widget, answer);
	const findings = inspectAnswer(widget, answer, token, credentials);
	const verdict = token === null ? { findings: [], header: null, claims: null } : vendors.check(widget, token, user);
	const { header, claims } = verdict;
	const lifetimeSeconds = claims === null ? null : Number(claims["exp"]) - Number(claims["iat"]);
	const promised = answer.body["expiresIn"];
	if (promised !== undefined && lifetimeSeconds !== null && promised !== lifetimeSeconds) {
		findings.push({ about: "expiresIn", expected: `${lifetimeSeconds}, as the token says`, got: String(promised) });
	}
	return {
		...emptyCell(provider, widget, vendors.accounts, [...findings, ...verdict.findings]),
		status,
		headers: answer.headers,
		token,
		header,
		claims,
		lifetimeSeconds,
	};
}

// CustomGPT.ai's page reads the answer by `response.text()`; the others' read `{ token }`.
function headersFor(widget: VendorId, headers: RequestHeaders): RequestHeaders {
	return { ...headers, accept: widget === "customgpt" ? "text/plain" : "application/json" };
}

function readToken(widget: VendorId, { status, text, body }: Answer): string | null {
	if (status !== 200) return null;
	if (widget === "customgpt") return text;
	return typeof body["token"] === "string" ? body["token"] : null;
}

function inspectAnswer(widget: VendorId, answer: Answer, token: string | null, credentials: readonly string[]): Finding[] {
	const findings: Finding[] = [];
	if (token === null) {
		const detail = [answer.body["title"], answer.body["remedy"]].filter((text) => text !== undefined).join(". ");
		findings.push({
			about: "answer",
			expected: "200 and a token",
			got: `${answer.status} ${codeOf(answer)}${detail === "" ? "" : `: ${detail}`}`,
		});
		return findings;
	}
	const type = widget === "customgpt" ? "text/plain" : "application/json";
	const expected = { "content-type": type, "cache-control": "private, no-store", "x-content-type-options": "nosniff" };
	for (const [name, start] of Object.entries(expected)) {
		const value = answer.headers[name] ?? "nothing";
		if (!value.startsWith(start)) findings.push({ about: name, expected: start, got: value });
	}
	const everything = answer.text + JSON.stringify(answer.headers);
	if (credentials.some((credential) => credential.length >= 16 && everything.includes(credential))) {
		findings.push({ about: "answer", expected: "nothing of the provider's own session", got: "a token or cookie of the provider" });
	}
	return findings;
}

function emptyCell(provider: Provider, widget: VendorId, accounts: VendorAccounts, findings: readonly Finding[]): Cell {
	const account = accounts[widget];
	const verificationKey = "publicKey" in account ? account.publicKey : account.secret;
	const nothing = { status: null, headers: {}, token: null, header: null, claims: null, lifetimeSeconds: null };
	return { provider: provider.id, widget, findings, verificationKey, ...nothing };
}

/** How a cell says that it is right: "60 min". */
export function describeLifetime({ lifetimeSeconds }: Cell): string {
	if (lifetimeSeconds === null) return "";
	return lifetimeSeconds % 60 === 0 ? `${lifetimeSeconds / 60} min` : `${lifetimeSeconds} s`;
}

import type { TokenEvent } from "@widget-token/core";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HostileUser, hostileGroups } from "./hostile-users.ts";
import { createWidgetKeys, type WidgetKeys } from "./widget-keys.ts";

/** What became of a request: a token, nobody signed in, or the code of a problem. */
export type Outcome = "token" | "signed_out" | string;

/** What each credential may lead to at the most. A provider states which of them it is. */
const allowedOutcomes = {
	signedOut: ["signed_out"],
	verified: ["token"],
	/** The suite asks twice: a widget that needs the address refuses, one that does not gets a token without it. */
	unverifiedEmail: ["email_unverified"],
	/** User-writable fields (metadata) claim another e-mail address, a verified one, and a role. */
	forgedMetadata: ["token"],
	anonymous: ["user_anonymous"],
	impersonated: ["user_impersonated"],
	disabled: ["user_disabled", "credential_expired", "credential_invalid"],
	revoked: ["credential_expired", "credential_invalid", "signed_out"],
	pendingSession: ["session_pending"],
	oauthClientToken: ["client_refused", "credential_invalid", "signed_out"],
	serviceToken: ["client_refused", "credential_invalid", "signed_out"],
	wrongTenant: ["tenant_mismatch", "credential_invalid"],
	wrongAudience: ["credential_invalid"],
	wrongIssuer: ["credential_invalid"],
	wrongAuthorizedParty: ["credential_invalid", "signed_out"],
	expired: ["credential_expired", "signed_out"],
	forged: ["credential_invalid", "signed_out"],
	algNone: ["credential_invalid", "signed_out"],
	garbled: ["credential_invalid", "signed_out"],
	emptyToken: ["credential_invalid", "signed_out"],
	emulatorInProduction: ["emulator_in_production"],
	/** `token` only where the provider needs no network for a request; then nothing is asked of the backend. */
	backendSlow: ["provider_timeout", "provider_unavailable", "token"],
	backendDown: ["provider_unavailable", "token"],
	backendTooManyRequests: ["provider_unavailable", "token"],
	backendHtml: ["provider_unavailable", "token"],
} as const;

/** The names of the scenarios that every provider answers for. */
export type ScenarioName = keyof typeof allowedOutcomes;

/** A scenario of a provider; `prepare` may turn a fault on and returns what turns it off again. */
export interface Scenario {
	/** The request's headers: the credential. */
	headers(): Promise<Readonly<Record<string, string>>>;
	readonly outcome: Outcome;
	prepare?(): Promise<() => Promise<void> | void> | (() => Promise<void> | void);
	/** Text that the token must not hold: what the user wrote into fields of their own. */
	readonly forgedText?: readonly string[];
}

/** A provider's endpoint, running, with its real SDK in front of a local backend. */
export interface ProviderUnderTest {
	/** Answers for the widgets `bestchatbot` and `hilal` by `?widget=`; 1 s of provider time-out. */
	fetch(request: Request): Promise<Response>;
	/** The address of the endpoint. */
	readonly endpoint: string;
	/** Every scenario but those that `notApplicable` names. */
	readonly scenarios: Readonly<Partial<Record<ScenarioName, Scenario>>>;
	/** Signs `count` users in: their ids at the provider and the headers of each. */
	signInMany(count: number): Promise<readonly { readonly id: string; readonly headers: Readonly<Record<string, string>> }[]>;
	/**
	 * Signs in the user whose id and verified address are these to the letter, as far as the backend has such users.
	 *
	 * Returns what the provider itself says of the user: an id of its own where it chooses the ids. Undefined for a user that
	 * the backend refuses to have.
	 */
	signInAs(user: HostileUser): Promise<(HostileUser & { readonly headers: Readonly<Record<string, string>> }) | undefined>;
	/** Every credential that was issued or forged so far: none may appear in an answer, an event or a log. */
	credentials(): readonly string[];
	close(): Promise<void>;
}

/** What the suite gives a provider to build its endpoint with. */
export interface ProviderSetup {
	readonly keys: WidgetKeys;
	readonly onEvent: (event: TokenEvent) => void;
}

/** All that a provider supplies. */
export interface ProviderFixtures {
	/** The provider and the mode, such as `clerk (backend)`. */
	readonly name: string;
	/** The scenarios that the provider has no notion of, each with the reason. */
	readonly notApplicable: Readonly<Partial<Record<ScenarioName, string>>>;
	start(setup: ProviderSetup): Promise<ProviderUnderTest>;
}

/**
 * The suite that every provider passes: `start` builds the endpoint, and the scenarios say which request is which.
 *
 * A fifth provider supplies its fixtures and nothing else.
 */
export function describeProvider({ name: provider, notApplicable, start }: ProviderFixtures): void {
	describe(`${provider} as a provider`, () => {
		const keys = createWidgetKeys();
		const written: string[] = [];
		const restoreConsole = recordConsole(written);
		let subject: ProviderUnderTest;

		beforeAll(async () => {
			subject = await start({ keys, onEvent: (event) => written.push(JSON.stringify(event)) });
		});
		afterAll(async () => {
			restoreConsole();
			await subject?.close();
		});

		const ask = async (
			widget: string,
			headers: Readonly<Record<string, string>>,
		): Promise<{ response: Response; outcome: Outcome; claims: Record<string, unknown> | undefined }> => {
			const response = await subject.fetch(new Request(`${subject.endpoint}?widget=${widget}`, { headers }));
			const text = await response.text();
			written.push(text, JSON.stringify([...response.headers]));
			const body = JSON.parse(text) as { token?: string | null; code?: string; expiresIn?: number };
			if (body.code !== undefined) return { response, outcome: body.code, claims: undefined };
			if (body.token === null) return { response, outcome: "signed_out", claims: undefined };
			const contract = widget === "hilal" ? hilal : bestChatBot;
			const { payload } = await jwtVerify(body.token ?? "", new TextEncoder().encode(keys.verificationKey(contract)), {
				algorithms: ["HS256"],
			});
			expect(body.expiresIn).toBe(3600);
			return { response, outcome: "token", claims: payload };
		};

		const names = (Object.keys(allowedOutcomes) as ScenarioName[]).filter((name) => notApplicable[name] === undefined);
		for (const name of names) {
			test(name, async () => {
				const scenario = subject.scenarios[name];
				if (scenario === undefined) throw new Error(`${provider} supplies no scenario ${name} and does not say why`);
				expect(allowedOutcomes[name] as readonly string[]).toContain(scenario.outcome);
				const headers = await scenario.headers();
				const restore = await scenario.prepare?.();
				try {
					const { response, outcome, claims } = await ask("bestchatbot", headers);
					expect(outcome).toBe(scenario.outcome);
					expect(response.headers.get("cache-control")).toBe("private, no-store, max-age=0");
					if (response.status === 503) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
					if (name === "unverifiedEmail") await expectTokenWithoutEmail(headers);
					for (const text of scenario.forgedText ?? []) expect(JSON.stringify(claims).toLowerCase()).not.toContain(text.toLowerCase());
				} finally {
					await restore?.();
				}
			});
		}

		async function expectTokenWithoutEmail(headers: Readonly<Record<string, string>>): Promise<void> {
			const { outcome, claims } = await ask("hilal", headers);
			expect(outcome).toBe("token");
			expect(claims).not.toHaveProperty("email");
		}

		test("users whose ids or addresses are easily confused are told apart or refused", async () => {
			const signed: { readonly user: HostileUser; readonly claims: Record<string, unknown> }[] = [];
			for (const { name, by, users, exact, lowercase } of hostileGroups) {
				for (const given of users) {
					const session = await subject.signInAs(given);
					if (session === undefined) continue;
					const { headers, ...user } = session;
					const [asItIs, inLowercase] = [await ask("hilal", headers), await ask("bestchatbot", headers)];
					const label = `${name}: ${JSON.stringify(given)}`;
					if (user[by] === given[by]) expect([asItIs.outcome, inLowercase.outcome], label).toEqual([exact, lowercase]);
					if (asItIs.claims === undefined) continue;
					expect(asItIs.claims, label).toMatchObject({ sub: user.id, email: user.email });
					signed.push({ user, claims: asItIs.claims });
				}
			}
			expect(signed.length).toBeGreaterThan(5);
			const countOf = (texts: readonly unknown[]): number => new Set(texts).size;
			expect(countOf(signed.map(({ claims }) => claims["sub"]))).toBe(countOf(signed.map(({ user }) => user.id)));
			expect(countOf(signed.map(({ claims }) => claims["email"]))).toBe(countOf(signed.map(({ user }) => user.email)));
		});

		test("under 500 concurrent requests of 50 users, each gets a token of their own", async () => {
			const users = await subject.signInMany(50);
			expect(new Set(users.map(({ id }) => id)).size).toBe(50);
			const asked = Array.from({ length: 500 }, (_, index) => users[index % users.length] as (typeof users)[number]);
			const answers = await Promise.all(asked.map(async ({ id, headers }) => ({ id, ...(await ask("hilal", headers)) })));
			for (const { id, outcome, claims } of answers) {
				expect(outcome).toBe("token");
				expect(claims?.sub).toBe(id);
			}
		});

		test("no credential of the provider appears in any answer, header, event or log of this run", () => {
			const everything = written.join("\n");
			const credentials = subject.credentials().filter((credential) => credential.length >= 16);
			expect(credentials.length).toBeGreaterThan(10);
			for (const credential of credentials) {
				for (const part of secretParts(credential)) expect(everything.includes(part), "a part of a credential was found").toBe(false);
			}
		});
	});
}

// A JWT's header is no secret and many tokens share it; its payload and its signature are the credential's own.
function secretParts(credential: string): string[] {
	const [, payload = "", signature = ""] = credential.split(".");
	return [credential, payload, signature].filter((part) => part.length >= 16);
}

function recordConsole(written: string[]): () => void {
	const names = ["log", "info", "warn", "error", "debug"] as const;
	const originals = names.map((name) => console[name]);
	for (const [index, name] of names.entries()) {
		console[name] = (...values: unknown[]) => {
			written.push(values.map((value) => (value instanceof Error ? `${value.message}\n${value.stack}` : String(value))).join(" "));
			originals[index]?.(...values);
		};
	}
	return () => {
		for (const [index, name] of names.entries()) console[name] = originals[index] as typeof console.log;
	};
}

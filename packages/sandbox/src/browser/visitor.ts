import { type Diagnosis, diagnoseRequest, diagnoses, type TokenRequest } from "./diagnosis.ts";
import { createStore, type Store } from "./store.ts";
import { type Stage, withStage } from "./timeline.ts";
import { readSubject } from "./token-subject.ts";
import type { VerifyAnswer, VerifyToken } from "./verifier.ts";
import { type VisitorState, withValidity } from "./visitor-state.ts";

/** The page's function that returns a token. */
type Resolver = () => unknown;

/** The widget's visitor: what the page hands over goes in, who the visitor is comes out. */
export interface Visitor {
	readonly state: Store<VisitorState>;
	/** Takes a token. `via` is the call or the attribute that it came by. */
	deliver(token: unknown, via: string, identifier?: string): void;
	/** Takes a function that is asked when the chat opens, and again when its token has expired. */
	resolveWith(resolver: Resolver, via: string, identifier?: string): void;
	clear(via: string): void;
	chatOpened(): void;
	/** The page has asked its endpoint. */
	tokenRequested(request: TokenRequest): void;
	/** Asks the vendor again whether the token still counts: its key may have been replaced. */
	recheck(): void;
}

/** What a visitor is made with. */
export interface VisitorOptions {
	readonly verify: () => VerifyToken;
	/** How a token can be handed over, for the panel. */
	readonly ways: readonly string[];
	/** Whether the vendor has a way to replace a token in an open page. */
	readonly canRefresh: boolean;
}

const longestTimer = 2 ** 31 - 1;

/** Makes a visitor, who is anonymous at first. */
export function createVisitor({ verify, ways, canRefresh }: VisitorOptions): Visitor {
	const nobody = { status: "anonymous", name: undefined, report: undefined, expiresAt: undefined } as const;
	const state = createStore<VisitorState>({ ...nobody, diagnosis: diagnoses.noToken(ways), timeline: {} });
	let held: { readonly token: string; readonly identifier: string | undefined } | undefined;
	let resolver: { readonly ask: Resolver; readonly via: string; readonly identifier: string | undefined } | undefined;
	let isOpen = false;
	let expiry: ReturnType<typeof setTimeout> | undefined;
	let subject: string | undefined;
	let lastRequest: TokenRequest | undefined;
	// Counts what was handed over: an answer about an earlier token is void.
	let generation = 0;

	const mark = (stage: Stage, outcome: "done" | "failed", detail: string, at?: number): void =>
		state.set({ timeline: withStage(state.get().timeline, stage, outcome, detail, at) });

	function forget(diagnosis: Diagnosis): void {
		generation += 1;
		clearTimeout(expiry);
		held = undefined;
		state.set({ ...nobody, diagnosis });
	}

	function expire(): void {
		clearTimeout(expiry);
		const { expiresAt } = state.get();
		if (expiresAt === undefined) return;
		const left = expiresAt - Date.now();
		if (left > 0) {
			expiry = setTimeout(expire, Math.min(left, longestTimer));
			return;
		}
		held = undefined;
		const { report, timeline } = state.get();
		const isRefreshFailing = lastRequest !== undefined && timeline.fetched?.outcome === "failed";
		state.set({
			...nobody,
			report,
			diagnosis: isRefreshFailing ? diagnoseRequest(lastRequest as TokenRequest) : diagnoses.expired(canRefresh),
		});
		if (isOpen) void ask();
	}

	function settle(answer: VerifyAnswer, isNew: boolean): void {
		if ("problem" in answer) {
			state.set({ ...nobody, diagnosis: answer.problem });
			if (isNew) mark("accepted", "failed", answer.problem.title);
			return;
		}
		const { report } = answer;
		const { refusal, verified } = report;
		const wasAccepted = state.get().timeline.accepted?.outcome === "done";
		if (isNew) state.set({ timeline: withValidity(state.get().timeline, report) });
		if (refusal !== undefined) {
			clearTimeout(expiry);
			state.set({
				...nobody,
				report,
				diagnosis: { ...refusal, remedy: [refusal.remedy, refusal.hint].filter(Boolean).join(" "), detail: refusal.claim },
			});
			mark("accepted", "failed", refusal.title);
			return;
		}
		// By the sandbox's clock, whatever the browser's says.
		const expiresAt = report.expiresAt === undefined ? undefined : Date.now() + report.expiresAt * 1000 - report.at;
		state.set({ status: verified ? "verified" : "anonymous", name: report.visitor, report, expiresAt, diagnosis: diagnoses.verified() });
		if (isNew || !wasAccepted)
			mark(
				wasAccepted ? "refreshed" : "accepted",
				"done",
				wasAccepted ? "A newer token was accepted" : "The vendor’s server has verified it",
			);
		expire();
	}

	async function check(token: string, identifier: string | undefined, isNew: boolean): Promise<void> {
		const asked = generation;
		const answer = await verify()(token, identifier);
		if (asked === generation) settle(answer, isNew);
	}

	function take(token: unknown, via: string, identifier: string | undefined): void {
		if (typeof token !== "string") {
			forget(token instanceof Promise ? diagnoses.notAString("a promise") : diagnoses.notAString(typeof token));
			mark("delivered", "failed", via);
			return;
		}
		const next = readSubject(token);
		const isSame = next !== undefined && next === subject;
		subject = next;
		generation += 1;
		clearTimeout(expiry);
		held = { token, identifier };
		const { timeline, status } = state.get();
		if (timeline.cleared !== undefined || (timeline.delivered !== undefined && !isSame))
			state.set({ timeline: timeline.fetched ? { fetched: timeline.fetched } : {} });
		// Of another visitor nothing may be shown any longer, not even while the vendor is asked.
		if (!(isSame && status === "verified")) state.set({ ...nobody, status: "checking" });
		if (state.get().timeline.fetched === undefined) mark("fetched", "done", "It was in the page already");
		mark("delivered", "done", via);
		void check(token, identifier, true);
	}

	async function ask(): Promise<void> {
		if (resolver === undefined || state.get().status === "checking") return;
		const { ask: resolve, via, identifier } = resolver;
		const asked = ++generation;
		const startedAt = performance.now();
		const { fetched } = state.get().timeline;
		state.set({ ...nobody, status: "checking" });
		try {
			const token = await resolve();
			if (asked !== generation) return;
			if (typeof token !== "string" || token === "") {
				forget(diagnoses.resolverEmpty());
				mark("fetched", "failed", "The page’s function returned no token");
				return;
			}
			// The endpoint that the function has asked says more.
			if (state.get().timeline.fetched === fetched)
				mark("fetched", "done", `By the page’s function, in ${Math.round(performance.now() - startedAt)} ms`);
			take(token, via, identifier);
		} catch (error) {
			if (asked !== generation) return;
			forget(diagnoses.resolverFailed(error));
			mark("fetched", "failed", "The page’s function has failed");
		}
	}

	return {
		state,
		deliver(token, via, identifier) {
			resolver = undefined;
			if (token === undefined || token === null || token === "") this.clear(via);
			else take(token, via, identifier);
		},
		resolveWith(next, via, identifier) {
			resolver = { ask: next, via, identifier };
			if (held !== undefined) return;
			forget(diagnoses.notAskedYet());
			if (isOpen) void ask();
		},
		clear(via) {
			const hadToken = held !== undefined || resolver !== undefined;
			subject = undefined;
			resolver = undefined;
			if (!hadToken) return forget(state.get().diagnosis);
			forget(diagnoses.cleared(via));
			mark("cleared", "done", via);
		},
		chatOpened() {
			isOpen = true;
			if (held === undefined) void ask();
		},
		tokenRequested(request) {
			lastRequest = request;
			const { path, status: answered, duration, at, answer } = request;
			const isFine = answered >= 200 && answered < 300 && (answer === undefined || answer.holds === "token");
			const what = isFine || answered > 299 ? answered : answered === 0 ? "no answer" : `${answered} without a token`;
			mark("fetched", isFine ? "done" : "failed", `${path}: ${what}${duration === undefined ? "" : `, ${Math.round(duration)} ms`}`, at);
			const { status, diagnosis } = state.get();
			if (status === "anonymous" && held === undefined && replaceable.test(diagnosis.code))
				state.set({ diagnosis: diagnoseRequest(request) });
		},
		recheck() {
			if (held !== undefined && state.get().status !== "checking") void check(held.token, held.identifier, false);
		},
	};
}

// What the page's request explains better.
const replaceable = /^(?:no_token$|expired$|endpoint_)/;

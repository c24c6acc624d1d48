import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { CliError } from "../cli-error.ts";
import { readAnswerToken } from "./answer-token.ts";
import { EndpointSilent } from "./endpoint-silence.ts";

/** One request to the token endpoint. */
export interface Question {
	/** The request in a few words, such as `GET as nobody`. */
	readonly about: string;
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Further members of the query. */
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Sent as `nonce`, which our endpoint returns in its JSON. */
	readonly nonce?: string;
}

/** What came back. */
export interface Answer {
	readonly about: string;
	readonly method: string;
	/** The nonce of the request. */
	readonly nonce: string | undefined;
	readonly status: number;
	/** By lowercase name; several of one name are joined by commas. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly text: string;
	/** The body where it is a JSON object. */
	readonly json: Readonly<Record<string, unknown>> | undefined;
	/** The token; null where the answer says that there is none; undefined where it says neither. */
	readonly token: string | null | undefined;
	/** Milliseconds since the epoch. */
	readonly startedAt: number;
	readonly endedAt: number;
}

/** A token endpoint, asked without following redirects, and never more than a fixed number of times. */
export interface Endpoint {
	readonly url: URL;
	/** Throws `EndpointSilent` where nothing answers. */
	ask(question: Question): Promise<Answer>;
	/** Every answer so far. */
	readonly answers: readonly Answer[];
	/** From now on the endpoint is asked for this widget (`?widget=`). */
	choose(widget: string): void;
	close(): void;
}

// A development server compiles a route when it is first asked for.
const limits = { requests: 100, requestMilliseconds: 30_000, allMilliseconds: 120_000, bodyBytes: 262_144 };

export function openEndpoint(address: URL): Endpoint {
	const url = new URL(address);
	const isTls = url.protocol === "https:";
	const agent = isTls ? new HttpsAgent({ keepAlive: true, maxSockets: 10 }) : new HttpAgent({ keepAlive: true, maxSockets: 10 });
	const answers: Answer[] = [];
	const end = AbortSignal.timeout(limits.allMilliseconds);
	let asked = 0;

	const send = ({ method = "GET", headers, query = {}, body, nonce }: Question): Promise<IncomingMessage> =>
		new Promise((resolve, reject) => {
			const target = new URL(url);
			for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
			if (nonce !== undefined) target.searchParams.set("nonce", nonce);
			const signal = AbortSignal.any([end, AbortSignal.timeout(limits.requestMilliseconds)]);
			const options = { agent, method, signal, headers: { accept: "application/json", "accept-encoding": "identity", ...headers } };
			const request = isTls ? requestHttps(target, options, resolve) : requestHttp(target, options, resolve);
			request.on("error", reject).end(body);
		});

	return {
		url,
		answers,
		choose: (widget) => url.searchParams.set("widget", widget),
		close: () => agent.destroy(),
		ask: async (question) => {
			if (++asked > limits.requests) throw new CliError("too_many_requests", "The doctor has asked often enough");
			const startedAt = Date.now();
			try {
				const response = await send(question);
				const text = await readBody(response);
				const answer = describe(question, response, text, startedAt);
				answers.push(answer);
				return answer;
			} catch (error) {
				const { name, code } = error as NodeJS.ErrnoException;
				throw new EndpointSilent(name === "AbortError" || name === "TimeoutError" ? "timeout" : (code ?? "unknown"));
			}
		},
	};
}

async function readBody(response: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of response) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length > limits.bodyBytes) break;
	}
	return Buffer.concat(chunks).toString("utf8");
}

function describe({ about, method = "GET", nonce }: Question, response: IncomingMessage, text: string, startedAt: number): Answer {
	const headers = Object.fromEntries(Object.entries(response.headersDistinct).map(([name, values]) => [name, values?.join(", ")]));
	const json = readObject(text);
	const status = response.statusCode ?? 0;
	return { about, method, nonce, status, headers, text, json, token: readAnswerToken(status, text, json), startedAt, endedAt: Date.now() };
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
	try {
		const value = JSON.parse(text) as unknown;
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

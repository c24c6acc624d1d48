import { canHoldToken, judgeTokenAnswer, maximumLength, readTokenAnswer, type TokenAnswer } from "./token-answer.ts";

/** An answer to a request of the page. */
export interface PageAnswer {
	/** The address that it is from. */
	readonly address: string;
	readonly status: number;
	/** Tells what the body says of a token; undefined for a body that is left alone. */
	readonly read: (() => Promise<TokenAnswer>) | undefined;
}

/**
 * Shows the answers that the page looks at, by `fetch` or `XMLHttpRequest`.
 *
 * `fetch` and all methods stay the browser's: a promise that passes through this script would come later, and its failure
 * would be hidden from the page's `unhandledrejection`, as all errors of another origin's script are. The page gets its own
 * answer; only a copy is read.
 */
export function watchPageAnswers(onAnswer: (answer: PageAnswer) => void): void {
	const seen = new WeakSet<Response>();
	const look = (response: Response): void => {
		if (seen.has(response)) return;
		seen.add(response);
		onAnswer({ address: response.url, status: response.status, read: copyBody(response) });
	};
	for (const name of ["ok", "status", "json", "text"] as const) lookAtReading(Response.prototype, name, look);
	lookAtReading(XMLHttpRequest.prototype, "send", (request) => {
		request.addEventListener("load", () => onAnswer({ address: request.responseURL, status: request.status, read: readXhr(request) }));
	});
}

/** Lets `look` see an object when a property of its prototype is read. A method is read before it is called, and stays the browser's own. */
function lookAtReading<T extends object>(prototype: T, name: keyof T, look: (object: T) => void): void {
	const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
	if (descriptor === undefined) return;
	const { get, value } = descriptor;
	Object.defineProperty(prototype, name, {
		configurable: true,
		enumerable: descriptor.enumerable ?? true,
		get(this: T): unknown {
			try {
				look(this);
			} catch {
				// The prototype itself is no object of its kind; the original says so.
			}
			return get === undefined ? value : Reflect.apply(get, this, []);
		},
		set(this: T, next: unknown) {
			Object.defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value: next });
		},
	});
}

function copyBody(response: Response): PageAnswer["read"] {
	const { headers, body, bodyUsed } = response;
	const contentType = headers.get("content-type") ?? "";
	if (body === null || bodyUsed || body.locked || !canHoldToken(contentType, headers.get("content-length"))) return undefined;
	const copy = response.clone();
	return async () => readTokenAnswer(contentType, await readStart(copy));
}

/** The text of a body, or as much of it as shows that it is too long. */
async function readStart({ body }: Response): Promise<string> {
	const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
	let text = "";
	for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
		text += part.value;
		if (text.length > maximumLength) await reader?.cancel();
	}
	return text;
}

function readXhr(request: XMLHttpRequest): PageAnswer["read"] {
	const contentType = request.getResponseHeader("content-type") ?? "";
	if (!canHoldToken(contentType, request.getResponseHeader("content-length"))) return undefined;
	switch (request.responseType) {
		case "json":
			return async () => judgeTokenAnswer(request.response);
		case "":
		case "text":
			return async () => readTokenAnswer(contentType, request.responseText);
		default:
			return undefined;
	}
}

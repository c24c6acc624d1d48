import { WidgetTokenError } from "@widget-token/core";

const explode = (): never => {
	throw new Error("read");
};

/** Handlers of a proxy, each of which throws. */
export const traps: Readonly<Record<string, () => never>> = Object.fromEntries(
	[
		"apply",
		"construct",
		"defineProperty",
		"deleteProperty",
		"get",
		"getOwnPropertyDescriptor",
		"getPrototypeOf",
		"has",
		"isExtensible",
		"ownKeys",
		"preventExtensions",
		"set",
		"setPrototypeOf",
	].map((trap) => [trap, explode]),
);

function withGetter(target: object, ...names: readonly string[]): object {
	for (const name of names) {
		try {
			Object.defineProperty(target, name, { get: explode });
		} catch {
			// The member is fixed, which is as good.
		}
	}
	return target;
}

function revoked(): object {
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	return proxy;
}

const read = [
	"constructor",
	"name",
	"message",
	"stack",
	"cause",
	"code",
	"status",
	"digest",
	"$$typeof",
	"msBeforeNext",
	"retryAfterSeconds",
];

/** What a function can throw, by name; each defends itself against being read in another way. */
export const hostileValues: Readonly<Record<string, () => unknown>> = {
	null: () => null,
	undefined: () => undefined,
	text: () => "session-4711",
	"a number": () => 4711,
	"a symbol": () => Symbol("4711"),
	"a function": () => explode,
	"an object without a prototype": () => Object.create(null),
	"an object without a constructor": () => ({ constructor: undefined }),
	"an error without a constructor": () => Object.assign(new Error("x"), { constructor: undefined }),
	"an error whose constructor is null": () => Object.assign(new Error("x"), { constructor: null }),
	"an error without a prototype": () => Object.setPrototypeOf(new Error("x"), null),
	...Object.fromEntries(read.map((name) => [`an error whose ${name} throws`, () => withGetter(new Error("x"), name)])),
	"an error that is its own cause": () => {
		const error = new Error("x");
		error.cause = error;
		return error;
	},
	"a class whose name is no name": () => new (Object.defineProperty(class extends Error {}, "name", { value: "4711\n4711" }))(),
	"a proxy whose traps throw": () => new Proxy({}, traps),
	"a proxy of an error whose traps throw": () => new Proxy(new Error("x"), traps),
	"a proxy of an error of ours whose traps throw": () => new Proxy(new WidgetTokenError("user_disabled"), traps),
	"a revoked proxy": revoked,
	"an error of ours that was not constructed": () => Object.create(WidgetTokenError.prototype),
	"an error of ours whose members throw": () => withGetter(new WidgetTokenError("provider_unavailable"), ...read, "detail", "remedy"),
	"an error of ours with a revoked proxy behind it": () => new WidgetTokenError("provider_unavailable", { cause: revoked() }),
	"text that cannot be made": () => ({
		toString: explode,
		toJSON: explode,
		[Symbol.toPrimitive]: explode,
		get message() {
			return explode();
		},
	}),
	"a response": () => new Response("4711", { status: 302 }),
};

/** The ways in which a function fails with a value; the last three are what only a library's own promises do. */
export const failures: Readonly<Record<string, (value: unknown) => unknown>> = {
	throws: (value) => {
		throw value;
	},
	rejects: (value) => Promise.reject(value),
	"returns a thenable that rejects with": (value) => withThen({ value: (_: unknown, reject: (reason: unknown) => void) => reject(value) }),
	"returns a thenable that throws": (value) =>
		withThen({
			value: () => {
				throw value;
			},
		}),
	"returns what throws when it is awaited:": (value) =>
		withThen({
			get: () => {
				throw value;
			},
		}),
};

// oxlint-disable-next-line unicorn/no-thenable -- thenables are what is tested
const awaited = "then";

/** An object that `await` takes for a promise. */
export function withThen(descriptor: PropertyDescriptor): object {
	return Object.defineProperty({}, awaited, descriptor);
}

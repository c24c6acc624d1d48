import { WidgetTokenError } from "../base/index.ts";
import { type Contract, isSymmetric } from "../contract/index.ts";
import type { VerifyHandlerOptions, VerifyOptions } from "./options.ts";

/** What an option must be, and the words for it. */
type OptionRule = readonly [accepts: (value: unknown) => boolean, words: string];
type OptionRules<Options> = Readonly<Record<keyof Options, OptionRule>>;

const isFunction = (value: unknown): boolean => typeof value === "function";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isText = (value: unknown): boolean => typeof value === "string";
const hasFunction = (value: unknown, name: string): boolean => isObject(value) && isFunction((value as Record<string, unknown>)[name]);
const isSettings = (value: unknown): boolean =>
	isObject(value) && Object.values(value).every((setting) => setting === undefined || isText(setting));
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isWithin = (value: unknown, minimum: number): boolean => typeof value === "number" && value >= minimum && value <= 300;

const aFunction: OptionRule = [isFunction, "a function"];

const verifyRules: OptionRules<VerifyOptions> = {
	keys: aFunction,
	secret: [(value) => isText(value) || isFunction(value) || isObject(value), "a key, a list of keys, or a function"],
	jwksUrl: [(value) => isText(value) || isObject(value), "a URL"],
	isRevoked: aFunction,
	settings: [(value) => isFunction(value) || isSettings(value), "an object of texts, or a function"],
	knownRoles: [(value) => isFunction(value) || isTextList(value), "an array of texts, or a function"],
	replay: [isObject, "an object with a `store`"],
	clockToleranceSeconds: [(value) => isWithin(value, 0), "a number between 0 and 300"],
	timeoutSeconds: [(value) => isWithin(value, 0.001), "a number above 0 and up to 300"],
	onEvent: aFunction,
	env: [isObject, "an object of environment variables"],
	now: aFunction,
};

const handlerRules: OptionRules<Omit<VerifyHandlerOptions, keyof VerifyOptions | "widget">> = {
	tenant: aFunction,
	client: aFunction,
	rateLimiter: [(value) => hasFunction(value, "consume"), "a limiter with a function `consume`"],
	allowedOrigins: [(value) => isFunction(value) || isTextList(value), "an array of origins, or a function"],
};

/** Refuses options that are misspelt, of another type, or contradict the contract or each other: `options_invalid`, `setting_unknown`. */
export function checkVerifyOptions(contract: Contract, options: VerifyOptions): void {
	checkTypes(options, verifyRules, "createVerify");
	const { settings, jwksUrl, secret, knownRoles, replay } = options;
	const known = Object.keys(contract.settings ?? {});
	for (const name of isObject(settings) ? Object.keys(settings) : []) {
		if (!known.includes(name))
			throw new WidgetTokenError("setting_unknown", { detail: `${name}; ${contract.id} has ${known.join(", ") || "none"}` });
	}
	if (jwksUrl !== undefined && isSymmetric(contract.algorithm))
		refuse(`${contract.id} signs with a shared secret, which is in no \`jwksUrl\``);
	if (jwksUrl !== undefined && secret !== undefined) refuse("give either `secret` or `jwksUrl`");
	if (knownRoles !== undefined && !(contract.scheme === "jwt" && Object.values(contract.claims).some(({ from }) => from === "role")))
		refuse(`${contract.id} has no role, so \`knownRoles\` would do nothing`);
	if (replay !== undefined) {
		if (!hasFunction(replay.store, "claim")) refuse("`replay.store` has no function `claim`");
		if (![undefined, "refuse", "accept"].includes(replay.whenUnavailable))
			refuse('`replay.whenUnavailable` is neither "refuse" nor "accept"');
	}
	if (contract.scheme === "jwt") return;
	for (const name of ["replay", "isRevoked", "settings"] as const)
		if (options[name] !== undefined) refuse(`${contract.id} has no claims and no header, so \`${name}\` would do nothing`);
}

/** Refuses options of the endpoint itself that are of another type, or lack each other: `options_invalid`. */
export function checkVerifyHandlerOptions(options: Omit<VerifyHandlerOptions, keyof VerifyOptions | "widget">): void {
	checkTypes(options, handlerRules, "createVerifyHandler");
	if (options.rateLimiter !== undefined && options.client === undefined) refuse("`rateLimiter` needs `client`, to tell the clients apart");
}

// A misspelt `isRevoked` would revoke nothing, and nobody would notice.
function checkTypes(options: object, rules: Readonly<Record<string, OptionRule>>, maker: string): void {
	for (const [name, value] of Object.entries(options)) {
		if (value === undefined) continue;
		const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
		if (rule === undefined) refuse(`\`${name}\` is not an option of ${maker}`);
		const [accepts, words] = rule;
		if (!accepts(value)) refuse(`\`${name}\` is not ${words}`);
	}
}

function refuse(detail: string): never {
	throw new WidgetTokenError("options_invalid", { detail });
}

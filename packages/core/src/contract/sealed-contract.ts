import { WidgetTokenError } from "../base/index.ts";
import type { Contract } from "./contract.ts";

// Not a set of objects: an app may hold two copies of this package, and a contract of one is a contract of the other. A spread
// and JSON leave it behind.
const seal: unique symbol = Symbol.for("@widget-token/core/sealed-contract") as never;

/**
 * Freezes a contract whose check has been done elsewhere: those of `@widget-token/widgets` are checked when the package is built,
 * so that an app does not carry the check. Use `defineContract` for your own.
 *
 * @example
 * ```ts
 * import { type Contract, sealContract } from "@widget-token/core";
 *
 * declare const checkedContract: Contract;
 * export const contract = sealContract(checkedContract);
 * ```
 */
export function sealContract(contract: Contract): Contract {
	return deepFreeze(Object.defineProperty(contract, seal, { value: true }));
}

/** Whether a contract has been checked and cannot change any more. */
export function isSealed(data: unknown): data is Contract {
	return typeof data === "object" && data !== null && Object.hasOwn(data, seal) && Object.isFrozen(data);
}

/** Refuses a contract that has not been checked: `contract_invalid`. */
export function requireSealed(contract: Contract): Contract {
	if (isSealed(contract)) return contract;
	throw new WidgetTokenError("contract_invalid", {
		detail: "the contract has not been checked",
		remedy: "Pass it through `defineContract` first.",
	});
}

function deepFreeze<T>(value: T): T {
	if (typeof value === "object" && value !== null) for (const member of Object.values(Object.freeze(value))) deepFreeze(member);
	return value;
}

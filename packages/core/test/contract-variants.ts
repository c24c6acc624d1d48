import { type Contract, defineContract } from "@widget-token/core";

/** The contract with other members. */
export function vary<Variant extends Contract>(contract: Contract, changes: object): Variant {
	return defineContract({ ...contract, ...changes }) as Variant;
}

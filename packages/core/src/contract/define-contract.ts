import * as v from "valibot";
import { isSameJson, WidgetTokenError } from "../base/index.ts";
import type { Contract } from "./contract.ts";
import { type ContractMistake, findMistake } from "./rules.ts";
import { type ContractFormat, createContractFormat } from "./schema.ts";
import { describeIssue } from "./schema-parts.ts";
import { isSealed, sealContract } from "./sealed-contract.ts";

/**
 * Checks a contract, freezes a copy of it and returns that copy.
 *
 * `data` may come from TypeScript or from JSON; a member that the format does not know is an error, so that a
 * misspelt rule is never ignored. The format: `@widget-token/widgets/contract.schema.json`.
 *
 * @throws WidgetTokenError `contract_invalid`, naming the member.
 * @example
 * ```ts
 * import { defineContract } from "@widget-token/core";
 *
 * export const acmeChat = defineContract({
 * 	id: "acme-chat",
 * 	name: "Acme Chat",
 * 	documentation: ["https://docs.example.com/identity"],
 * 	scheme: "jwt",
 * 	algorithm: "HS256",
 * 	key: { env: "ACME_CHAT_SECRET", encoding: "utf8" },
 * 	claims: {
 * 		sub: { from: "identity", field: "id", required: true },
 * 		exp: { from: "generated", generate: "expirationTime", required: true },
 * 	},
 * 	lifetime: { defaultSeconds: 600, maximumSeconds: 3600 },
 * });
 * ```
 */
export function defineContract(data: Contract): Contract;
export function defineContract(data: unknown): Contract;
export function defineContract(data: unknown): Contract {
	if (isSealed(data)) return data;
	const copy = cloneJson(data);
	const { success, output, issues } = v.safeParse(contractSchema(), copy, { abortEarly: true });
	if (!success) throw refuse({ path: v.getDotPath(issues[0]) ?? "contract", problem: describeIssue(issues[0]) });
	// Valibot takes an array for an object whose members are all optional.
	if (!isSameJson(output, copy)) throw refuse({ path: "contract", problem: "has an array in place of an object" });
	const mistake = findMistake(output);
	if (mistake !== undefined) throw refuse(mistake);
	return sealContract(copy as Contract);
}

const contractSchema = /* @__PURE__ */ createSchemaCache();

function createSchemaCache(): () => ContractFormat["schema"] {
	let schema: ContractFormat["schema"] | undefined;
	return () => (schema ??= createContractFormat().schema);
}

function cloneJson(data: unknown): unknown {
	try {
		// JSON would drop a function and turn NaN into null: a rule must not get lost on the way.
		const text = JSON.stringify(data, (_, member: unknown) => {
			if (typeof member === "function" || typeof member === "symbol" || (typeof member === "number" && !Number.isFinite(member)))
				throw new TypeError();
			return member;
		});
		return JSON.parse(text) as unknown;
	} catch {
		throw refuse({ path: "contract", problem: "is not plain data that JSON can carry" });
	}
}

function refuse({ path, problem }: ContractMistake): WidgetTokenError {
	return new WidgetTokenError("contract_invalid", { detail: `${path} ${problem}` });
}

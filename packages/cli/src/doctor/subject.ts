import type { Contract } from "@widget-token/core";
import { readTokenText } from "../token-text.ts";

/**
 * Who a token is for, as text to compare; undefined where no claim tells.
 *
 * By the contract's claims of the user's id and email address, else by those that tokens commonly have. A hash is its
 * own subject.
 */
export function readSubject(token: string, contract: Contract | undefined): string | undefined {
	const { payload } = readTokenText(token);
	if (payload === undefined) return token;
	const claims = contract?.scheme === "jwt" ? Object.entries(contract.claims) : [];
	const own = (["id", "email"] as const).flatMap((field) =>
		claims.filter(([, rule]) => rule.from === "identity" && rule.field === field).map(([name]) => name),
	);
	const names = [...own, "sub", "user_id", "external_id", "id", "email", "upn", "preferred_username", "name"];
	const name = names.find((each) => ["string", "number"].includes(typeof payload[each]) && payload[each] !== "");
	return name === undefined ? undefined : `${name} ${String(payload[name])}`;
}

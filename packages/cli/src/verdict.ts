import type { Contract } from "@widget-token/core";
import { type VerifyResult, verificationCodes } from "@widget-token/core/verify";
import type { ClaimFinding } from "./claim-findings.ts";
import { formatClaims } from "./claim-table.ts";
import type { SecretInput } from "./secret-input.ts";
import { formatColumns, type Paint, printable } from "./terminal.ts";

/** What a token is worth, with all that explains it. */
export interface Verdict {
	readonly contract: Contract;
	readonly result: VerifyResult;
	readonly findings: readonly ClaimFinding[];
	readonly hint: string | undefined;
	readonly key: SecretInput | undefined;
	readonly header: unknown;
}

/** The verdict as the JSON that scripts read. */
export function describeAsData({ contract, result, findings, hint, key, header }: Verdict): unknown {
	const claims = findings.map((finding) => ({ ...finding, isTime: undefined }));
	const about = { widget: contract.id, verified: result.verified };
	if (result.verified) return { ...about, identity: result.identity, header, claims, keyFrom: key?.from };
	const { reason, code, remedy, claim } = result;
	return {
		...about,
		reason,
		code,
		title: verificationCodes[code].title,
		...(claim === undefined ? {} : { claim }),
		remedy,
		...(hint === undefined ? {} : { hint }),
		header,
		claims,
		keyFrom: key?.from,
	};
}

/** The verdict for a person. */
export function describeAsText({ contract, result, findings, hint, key }: Verdict, now: number, paint: Paint): string {
	const signed = paint.dim(`${contract.name}, ${contract.algorithm}${key === undefined ? "" : `, key from ${printable(key.from)}`}`);
	const head = result.verified
		? [`${paint.good("✓ verified")}  ${signed}`]
		: [`${paint.bad("✗ refused")}  ${signed}`, "", formatRefusal(result, hint, paint.bold)];
	if (findings.length === 0) return head.join("\n");
	// A claim is named only after the signature has verified.
	const isUnproven = !result.verified && result.claim === undefined;
	return [
		...head,
		"",
		`${paint.bold("Claims")}${isUnproven ? paint.dim("  not proven: anybody may have written them") : ""}`,
		formatClaims(findings, paint, now),
	].join("\n");
}

function formatRefusal(
	{ reason, code, remedy, claim }: Extract<VerifyResult, { verified: false }>,
	hint: string | undefined,
	bold: (text: string) => string,
): string {
	const { title } = verificationCodes[code];
	const rows = [
		[bold("why"), claim === undefined ? title : `${title}: ${printable(claim)}`],
		[bold("reason"), reason],
		[bold("code"), code],
		[bold("fix"), remedy],
		...(hint === undefined ? [] : [[bold("hint"), hint]]),
	];
	return formatColumns(rows);
}

import { findSessionProvider, readTokenText } from "../token-text.ts";
import { type Diagnosis, failed, passed } from "./finding.ts";
import type { Served } from "./user-checks.ts";
import { askAs, type Visit, wantsText } from "./visit.ts";

/** Whether the answer gives away the session that the user has asked with. */
export function checkProviderToken({ visitor, answer }: Served): readonly Diagnosis[] {
	const { about, token, text, headers } = answer;
	const read = readTokenText(token);
	const provider = findSessionProvider(read);
	const { "set-cookie": _, ...others } = headers;
	const claims = JSON.stringify(read.payload ?? {});
	const places: (readonly [got: string, text: string])[] = [
		["the session's credential as the token", token],
		["the session's credential in a claim of the token", claims],
		["the session's credential in the answer's body", text],
		["the session's credential in a header of the answer", Object.values(others).join("\n")],
	];
	const place = places.find(([, held]) => visitor.secrets.some((secret) => held.includes(secret)));
	const got = place?.[0] ?? (provider === undefined ? undefined : `the session token of ${provider} as the token`);
	if (got === undefined) return [passed("provider-token", about)];
	return [
		failed("provider-token", {
			where: about,
			got,
			remedy:
				"Mint a token of its own for the widget, from the verified user; with the session's own the vendor could act as the user in your app.",
		}),
	];
}

/** Whether the route gives the bare token to a widget whose own page asks for it so. */
export async function checkBareToken(visit: Visit, { visitor }: Served): Promise<readonly Diagnosis[]> {
	if (!wantsText(visit.contract)) return [];
	const headers = { accept: "text/plain" };
	const { about, status, json, token } = await askAs(visit, visitor, { about: "with Accept: text/plain", headers });
	const nobody = await askAs(visit, undefined, { about: "with Accept: text/plain", headers });
	const remedy = "Answer the token alone as text/plain, and 401 where nobody is signed in; createTokenHandler does for Accept: text/plain.";
	return [
		status === 200 && json === undefined && typeof token === "string"
			? passed("bare-token", about)
			: failed("bare-token", { where: about, got: json === undefined ? `status ${status}` : `status ${status} and JSON`, remedy }),
		nobody.status >= 400
			? passed("bare-token", nobody.about)
			: failed("bare-token", { where: nobody.about, got: `status ${nobody.status} for nobody, which the page takes for a token`, remedy }),
	];
}

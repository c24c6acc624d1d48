import type { Contract } from "@widget-token/core";
import { Hono } from "hono";
import { readEmbeds } from "./delivery.ts";
import { sendPage } from "./html-response.ts";
import type { KeyStore } from "./keys.ts";
import { writePageCode } from "./page-code.ts";
import type { PageVariables } from "./page-headers.ts";
import { createPageValue } from "./page-value.ts";
import { type TrialChoice, TrialPage } from "./pages/trial-page.tsx";
import { problemResponse } from "./problem.ts";
import { mintTrialToken, trialFlaws } from "./trial-token.ts";
import { trialVisitors } from "./trial-visitors.ts";
import type { SandboxWidget } from "./widget.ts";

/** What the trial pages need of the sandbox. */
export interface TrialRoutesOptions {
	readonly widgets: ReadonlyMap<string, SandboxWidget>;
	readonly keys: KeyStore;
	readonly now: () => number;
}

/** Pages that embed each widget for a visitor of choice, and the token endpoint that they ask. */
export function createTrialRoutes({ widgets, keys, now }: TrialRoutesOptions): Hono<PageVariables> {
	const pageValue = createPageValue();
	const mint = async (
		widget: SandboxWidget,
		{ visitor, flaw }: Omit<TrialChoice, "embed">,
	): Promise<{ token: string | null; expiresIn?: number }> => {
		const identity = trialVisitors[visitor]?.identity ?? null;
		if (identity === null) return { token: null };
		const { contract, settings, knownRoles } = widget;
		return mintTrialToken(contract, flaw, { identity, key: keys.issued(contract.id).trial, settings, knownRoles, now });
	};
	return new Hono<PageVariables>()
		.get("/:id/try", async (c) => {
			const widget = widgets.get(c.req.param("id"));
			if (widget === undefined) return c.notFound();
			const embeds = readEmbeds(widget.contract);
			const choice = readChoice(widget.contract, c.req.query());
			if (choice.embed === "") return c.notFound();
			const { token } = await mint(widget, choice);
			const { id, name } = widget.contract;
			const endpoint = `/widgets/${id}/token?${new URLSearchParams({ visitor: choice.visitor, token: choice.flaw })}`;
			const { origin } = new URL(c.req.url);
			const { headers } = pageValue;
			const code = writePageCode({ widget, embed: choice.embed, origin, token: token ?? undefined, endpoint, headers });
			return sendPage(
				c,
				<TrialPage nonce={c.var.secureHeadersNonce ?? ""} widget={{ id, name }} choice={choice} embeds={Object.keys(embeds)} code={code} />,
			);
		})
		.get("/:id/token", async (c) => {
			const widget = widgets.get(c.req.param("id"));
			if (widget === undefined) return c.notFound();
			if (!pageValue.isIn(c.req.raw)) {
				return problemResponse({
					status: 403,
					code: "page_unknown",
					title: "Only the sandbox's own trial pages may fetch a trial token",
					remedy: `Open /widgets/${widget.contract.id}/try, or mint a token with \`widget-token mint\`.`,
				});
			}
			return c.json(await mint(widget, readChoice(widget.contract, c.req.query())));
		});
}

function readChoice(contract: Contract, { embed = "", visitor = "", token = "" }: Readonly<Record<string, string>>): TrialChoice {
	const names = Object.keys(readEmbeds(contract));
	return {
		embed: names.includes(embed) ? embed : (names[0] ?? ""),
		visitor: Object.hasOwn(trialVisitors, visitor) ? visitor : "ada",
		flaw: Object.hasOwn(trialFlaws, token) ? token : "none",
	};
}

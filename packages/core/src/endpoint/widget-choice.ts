import { WidgetTokenError } from "../base/index.ts";
import type { Contract } from "../contract/index.ts";
import { createMint, type Mint, type MintOptions } from "../mint/index.ts";

/** The mint for a widget's id; null where the request names none. */
export type WidgetChoice<User> = (id: string | null) => Mint<User>;

interface WidgetChoiceOptions<User> extends MintOptions<User> {
	readonly widget?: Contract | undefined;
	readonly widgets?: readonly (Contract | Mint<User>)[] | undefined;
}

/** Binds the widgets of a token handler to their keys, and checks that each request's choice is one of them. */
export function createWidgetChoice<User>(options: WidgetChoiceOptions<User>): WidgetChoice<User> {
	const mints = createMints(options);
	const only = mints.size === 1 ? [...mints.values()][0] : undefined;
	const ids = [...mints.keys()].join(", ");
	return (id) => {
		if (id === null && only !== undefined) return only;
		if (id === null) throw new WidgetTokenError("widget_required", { detail: `one of ${ids}` });
		const mint = mints.get(id);
		if (mint === undefined) throw new WidgetTokenError("widget_unknown", { detail: `this endpoint serves ${ids}` });
		return mint;
	};
}

// With several widgets these would be ambiguous: a secret of one vendor must never sign for another.
const perWidget = ["secret", "settings", "role", "claims", "lifetimeSeconds"] as const;

function createMints<User>({ widget, widgets, ...options }: WidgetChoiceOptions<User>): ReadonlyMap<string, Mint<User>> {
	const refuse = (detail: string): never => {
		throw new WidgetTokenError("options_invalid", { detail });
	};
	if ((widget === undefined) === (widgets === undefined)) refuse("give either `widget` or `widgets`");
	if (widget !== undefined) {
		const mint = createMint(widget, options);
		return new Map([[mint.contract.id, mint]]);
	}
	const misplaced = perWidget.find((name) => options[name] !== undefined);
	if (misplaced !== undefined)
		refuse(`\`${misplaced}\` belongs to one widget; pass it as createMint(contract, { ${misplaced} }) in \`widgets\``);
	const mints = new Map<string, Mint<User>>();
	for (const entry of widgets ?? []) {
		const mint = typeof entry === "function" ? entry : createMint(entry, options);
		if (mints.has(mint.contract.id)) refuse(`\`widgets\` names ${mint.contract.id} twice`);
		mints.set(mint.contract.id, mint);
	}
	if (mints.size === 0) refuse("`widgets` is empty");
	return mints;
}

import { type Embeds, isSettingName } from "../delivery.ts";
import { type Handed, matchArguments } from "./argument-match.ts";

/** What a page's call of a documented function means. */
export interface VendorCall extends Handed {
	/** The function, such as `BestChatBot.setUserToken`. */
	readonly path: string;
	/** `clear` where the vendor documents the function for that alone. */
	readonly purpose: Purpose;
}

type Purpose = "start" | "deliver" | "clear";
type Signature = { readonly purpose: Purpose; readonly templates: readonly unknown[] };

/**
 * Defines the functions that a vendor's pages document, under the same names and with the same signatures, and reports
 * each call.
 */
export function defineVendorApi(embeds: Embeds, isOfThePage: (owner: string) => boolean, onCall: (call: VendorCall) => void): void {
	for (const [path, signatures] of readSignatures(embeds, isOfThePage)) {
		defineFunction(path, (...values: unknown[]) => {
			const call = readCall(path, signatures, values);
			if (call === undefined) throw new TypeError(`${path}() takes other arguments`);
			onCall(call);
		});
	}
}

function readSignatures(embeds: Embeds, isOfThePage: (owner: string) => boolean): Map<string, Signature[]> {
	const found = new Map<string, Signature[]>();
	for (const embed of Object.values(embeds)) {
		for (const purpose of ["start", "deliver", "clear"] as const) {
			for (const { on, call, with: templates = [] } of embed[purpose] ?? []) {
				// A method of the page's own, such as its element's, is there already.
				if (isOfThePage(on)) continue;
				const path = on === "window" ? call : `${on}.${call}`;
				found.set(path, [...(found.get(path) ?? []), { purpose, templates }]);
			}
		}
	}
	return found;
}

/** Whether the owner of a function is a value that the page gives, and no global of the vendor's. */
export function createOwnerCheck(embeds: Embeds): (owner: string) => boolean {
	const names = new Set(JSON.stringify(embeds).match(/(?<="\{)\w+(?=\??\}")/g) ?? []);
	return (owner) => isSettingName(owner) && names.has(owner);
}

function readCall(path: string, signatures: readonly Signature[], values: readonly unknown[]): VendorCall | undefined {
	const calls = signatures.flatMap(({ purpose, templates }) => {
		const call: VendorCall = { path, purpose, settings: {} };
		return matchArguments(templates, values, call) ? [call] : [];
	});
	// Of the signatures that fit, the one that makes the most of the arguments.
	return calls.sort((a, b) => weigh(b) - weigh(a))[0];
}

// Without a token, a call for delivery says that there is none.
const order: Readonly<Record<Purpose, number>> = { clear: 0.3, start: 0.2, deliver: 0.1 };

function weigh({ token, resolver, settings, purpose }: VendorCall): number {
	const handed = token !== undefined || resolver !== undefined ? 100 : 0;
	return handed + Object.keys(settings).length + order[purpose];
}

function defineFunction(path: string, implementation: (...values: unknown[]) => void): void {
	const names = path.split(".");
	const name = names.pop() as string;
	let owner = globalThis as unknown as Record<string, unknown>;
	for (const next of names) {
		if ((typeof owner[next] !== "object" && typeof owner[next] !== "function") || owner[next] === null) owner[next] = {};
		owner = owner[next] as Record<string, unknown>;
	}
	owner[name] = implementation;
}

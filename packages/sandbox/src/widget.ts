import type { Contract } from "@widget-token/core";
import {
	createVerify,
	type VerificationCode,
	type Verify,
	type VerifyContext,
	type VerifyOptions,
	type VerifyResult,
} from "@widget-token/core/verify";
import type { KeyStore } from "./keys.ts";
import { formatTime } from "./time-text.ts";

const trialKeyText = "the throw-away key of the trial pages";

/** One vendor, as the sandbox plays it. */
export interface SandboxWidget {
	readonly contract: Contract;
	readonly settings: Readonly<Record<string, string>>;
	/** The roles that exist at the vendor; any when undefined. */
	readonly knownRoles: readonly string[] | undefined;
	/** Verifies a token; one of the trial pages is accepted on the sandbox's own pages only. */
	verify(token: string, context: VerifyContext, isOwnPage: boolean): Promise<Verification>;
	/** What the sandbox knows next to the reason of a refusal, such as whose key has signed. */
	explain(code: VerificationCode, token: string, identifier: string | undefined): Promise<string | undefined>;
}

/** The result of a verification. */
export interface Verification {
	readonly result: VerifyResult;
	/** Which key has signed, in words; undefined where that is not known. */
	readonly signedWith: string | undefined;
}

/** What a widget is verified with. */
export interface SandboxWidgetOptions {
	readonly keys: KeyStore;
	readonly settings: Readonly<Record<string, string>>;
	readonly knownRoles?: readonly string[] | undefined;
	/** All contracts of the sandbox: a token may be signed with another one's key. */
	readonly contracts: readonly Contract[];
	readonly now: () => number;
}

/** Binds a contract to the sandbox's key for it. */
export function createSandboxWidget(
	contract: Contract,
	{ keys, settings, knownRoles, contracts, now }: SandboxWidgetOptions,
): SandboxWidget {
	const createVerifyWith = (secret: VerifyOptions["secret"], onEvent?: () => void): Verify =>
		createVerify(contract, {
			secret,
			now,
			...(contract.scheme === "jwt" ? { settings } : {}),
			...(knownRoles ? { knownRoles } : {}),
			...(onEvent ? { onEvent } : {}),
		});
	// Called for each token, so that a key that is replaced refuses at once.
	const verifyWithKey = createVerifyWith(() => keys.current(contract.id)?.value ?? []);
	const verifyWithTrialKey = createVerifyWith(() => keys.current(contract.id)?.trial ?? [], ignore);
	const { env } = contract.key;
	const verify = async (token: string, context: VerifyContext, isOwnPage: boolean): Promise<Verification> => {
		const { source } = keys.issued(contract.id);
		const result = await verifyWithKey(token, context);
		if (isOwnPage && !result.verified && result.reason === "invalid_signature") {
			const trial = await verifyWithTrialKey(token, context);
			if (trial.verified || trial.reason !== "invalid_signature") return { result: trial, signedWith: trialKeyText };
		}
		if (!result.verified) return { result, signedWith: undefined };
		return {
			result,
			signedWith: source === "environment" ? `the key in \`${env}\`` : `the throw-away key that the sandbox made for \`${env}\``,
		};
	};
	const signedWith = async (key: string, token: string, identifier: string | undefined): Promise<boolean> => {
		const result = await createVerifyWith(key, ignore)(token, { identifier }).catch(() => undefined);
		return result !== undefined && (result.verified || result.reason !== "invalid_signature");
	};
	const findSigner = async (token: string, identifier: string | undefined): Promise<string | undefined> => {
		for (const { value, trial, since } of keys.retired(contract.id)) {
			if (await signedWith(value, token, identifier))
				return `It is signed with the key of ${formatTime(since)}, which has been replaced: restart the app with the new one.`;
			if (await signedWith(trial, token, identifier))
				return `It is signed with ${trialKeyText}, which has been replaced: load the page again.`;
		}
		if (await signedWith(keys.issued(contract.id).trial, token, identifier))
			return `It is signed with ${trialKeyText}, which counts on the sandbox’s own pages only.`;
		for (const other of contracts) {
			if (other.id === contract.id || other.algorithm !== contract.algorithm) continue;
			if (await signedWith(keys.issued(other.id).value, token, identifier))
				return `It is signed with the key of ${other.name} (${other.key.env}).`;
		}
		return undefined;
	};
	return {
		contract,
		settings,
		knownRoles,
		verify,
		explain: async (code, token, identifier) => {
			if (code === "signature_invalid") return findSigner(token, identifier);
			if (code !== "key_missing") return undefined;
			return "The key was removed on the sandbox’s dashboard: make a new one there, and restart the app with it.";
		},
	};
}

function ignore(): void {}

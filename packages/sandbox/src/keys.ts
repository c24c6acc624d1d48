import { generateKeyPairSync, randomBytes } from "node:crypto";
import { algorithms, type Contract, type Environment } from "@widget-token/core";

/** The key of one widget, and where it is from. */
export interface WidgetKey {
	/** What the app signs with: the value of the variable that the contract names. */
	readonly value: string;
	/** What the trial pages sign with: a throw-away key in place of one that may be real. */
	readonly trial: string;
	/** A key from the environment may be a real one: it is neither shown nor printed. */
	readonly source: "environment" | "generated";
	/** Milliseconds since the epoch. */
	readonly since: number;
}

/** The keys of the widgets by id. */
export interface KeyStore {
	/** What tokens are verified with; undefined once it has been removed. */
	current(id: string): WidgetKey | undefined;
	/** What the app was given last: it goes on signing with a key that the vendor has removed. */
	issued(id: string): WidgetKey;
	/** The keys that have been replaced or removed; no token of theirs is accepted. */
	retired(id: string): readonly WidgetKey[];
	/** Replaces a key with a throw-away one, at once. */
	regenerate(id: string): WidgetKey;
	/** Leaves the widget without a key, as one is that was never set up at the vendor. */
	remove(id: string): void;
}

/** What keys are made from. */
export interface KeyStoreOptions {
	readonly env: Environment;
	/** Whether trial tokens are signed with a key of the environment, too. */
	readonly signTrialsWithProjectKeys: boolean;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

/** Takes each key from the environment variable that its contract names, or makes a throw-away one. */
export function createKeyStore(contracts: readonly Contract[], { env, signTrialsWithProjectKeys, now }: KeyStoreOptions): KeyStore {
	const byId = new Map(contracts.map((contract) => [contract.id, contract]));
	const make = (contract: Contract): WidgetKey => {
		const value = generateKey(contract);
		return { value, trial: value, source: "generated", since: now() };
	};
	const take = (contract: Contract, value: string): WidgetKey => ({
		value,
		trial: signTrialsWithProjectKeys ? value : generateKey(contract),
		source: "environment",
		since: now(),
	});
	const keys = new Map<string, WidgetKey[]>();
	const withoutKey = new Set<string>();
	for (const contract of contracts) {
		const value = env[contract.key.env];
		keys.set(contract.id, [value ? take(contract, value) : make(contract)]);
	}
	const ofWidget = (id: string): WidgetKey[] => {
		const list = keys.get(id);
		if (list === undefined) throw new RangeError(`There is no widget ${id}`);
		return list;
	};
	return {
		current: (id) => (withoutKey.has(id) ? undefined : ofWidget(id)[0]),
		issued: (id) => ofWidget(id)[0] as WidgetKey,
		retired: (id) => ofWidget(id).slice(withoutKey.has(id) ? 0 : 1),
		regenerate: (id) => {
			const list = ofWidget(id);
			const key = make(byId.get(id) as Contract);
			list.unshift(key);
			list.length = Math.min(list.length, keptKeys);
			withoutKey.delete(id);
			return key;
		},
		remove: (id) => {
			ofWidget(id);
			withoutKey.add(id);
		},
	};
}

const keptKeys = 4;

/** A throw-away key in the form in which the vendor issues it, or in which the integrator makes it. */
export function generateKey({ algorithm, key }: Contract): string {
	const { keyType, minimumKeyBits, importParameters } = algorithms[algorithm];
	if (keyType === "oct") {
		const bytes = randomBytes(Math.max(key.minimumBytes ?? 0, minimumKeyBits / 8));
		return bytes.toString(key.encoding === "base64" ? "base64" : "hex");
	}
	const { privateKey } =
		keyType === "RSA"
			? generateKeyPairSync("rsa", { modulusLength: minimumKeyBits })
			: generateKeyPairSync("ec", { namedCurve: importParameters.namedCurve ?? "P-256" });
	const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
	return key.encoding === "base64-pem" ? Buffer.from(pem).toString("base64") : pem;
}

/** A key as a line of an `.env` file holds it. */
export function environmentLine(name: string, value: string): string {
	return /^[\w./+=-]*$/.test(value) ? `${name}=${value}` : `${name}=${JSON.stringify(value.trim())}`;
}

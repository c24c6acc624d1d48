import type { Contract } from "@widget-token/core";
import type { Choices } from "./choices.ts";
import type { Project } from "./project.ts";
import { constantCase, type PageSetting, pageSettings, scriptOf } from "./widget-code.ts";

/** A value of the page's that a variable of the browser's bundle holds; all of them are public. */
export interface PageVariable {
	readonly name: string;
	readonly description: string;
	/** The value that is written; empty where it is the integrator's to fill in. */
	readonly value: string;
	readonly isOptional: boolean;
}

/** What the browser's part is given. */
export interface PageValues {
	readonly settings: readonly PageSetting[];
	readonly variables: readonly PageVariable[];
	/** A variable of the browser's bundle as an expression, by its name without the prefix; an empty text without a bundler. */
	read(name: string): string;
	/** Whether an env file has that variable. */
	isKnown(name: string): boolean;
	/** A setting as an expression; undefined where no bundler is seen. */
	settingVariable(setting: string): string | undefined;
	/** The address of a stand-in for the vendor's script as an expression; undefined where the vendor's has no fixed one. */
	readonly scriptVariable: string | undefined;
}

// The address of `widget-token sandbox`.
const sandboxOrigin = "http://localhost:4600";

export function readPageValues(project: Project, { contract, embed, sandbox }: Choices): PageValues {
	const prefix = publicPrefix(project);
	const settings = pageSettings(contract, embed);
	const script = scriptOf(contract, embed);
	// As the sandbox has it: the widget's id, then the path of the vendor's own script.
	const standIn = `${sandboxOrigin}/${contract.id}${script !== undefined && "address" in script ? new URL(script.address).pathname : "/embed.js"}`;
	const scriptName = `${constantCase(contract.id)}_SCRIPT_URL`;
	const scriptSetting = script !== undefined && "setting" in script ? script.setting : undefined;
	const hasStandIn = prefix !== undefined && script !== undefined && scriptSetting === undefined;
	const variables: PageVariable[] = settings
		.filter(({ kind }) => kind === "text" && prefix !== undefined)
		.map(({ name, description }) => ({
			name: `${prefix}${settingName(contract, name)}`,
			description: `${contract.name}: ${description}`,
			value: sandbox && name === scriptSetting ? standIn : "",
			isOptional: false,
		}));
	if (hasStandIn) {
		const description = sandbox
			? `The sandbox's script in place of ${contract.name}'s, for local work only`
			: `For local work only: ${standIn} loads the script of the sandbox`;
		variables.push({ name: prefix + scriptName, description, value: sandbox ? standIn : "", isOptional: true });
	}
	const read = (name: string): string =>
		prefix === undefined ? '""' : prefix === "VITE_" ? `import.meta.env.${prefix}${name}` : `process.env.${prefix}${name}`;
	return {
		settings,
		variables,
		read,
		isKnown: (name) => prefix !== undefined && project.env.values[prefix + name] !== undefined,
		settingVariable: (setting) => (prefix === undefined ? undefined : read(settingName(contract, setting))),
		scriptVariable: hasStandIn ? read(scriptName) : undefined,
	};
}

/** The prefix by which the bundler lets a variable into the browser; undefined where no bundler is seen. */
export function publicPrefix({ next, hasVite }: Project): "NEXT_PUBLIC_" | "VITE_" | undefined {
	return next !== undefined ? "NEXT_PUBLIC_" : hasVite ? "VITE_" : undefined;
}

// A public copy of the key's variable would be refused, whatever it holds.
function settingName({ id, key }: Contract, setting: string): string {
	const name = `${constantCase(id)}_${constantCase(setting)}`;
	return name === key.env ? `${name}_SETTING` : name;
}

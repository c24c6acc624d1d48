import type { Contract } from "@widget-token/core";
import type { AuthProvider } from "./auth-provider.ts";
import type { Framework } from "./framework.ts";

/** What is to be set up: seen, given as options, or asked for. */
export interface Choices {
	readonly framework: Framework;
	readonly provider: AuthProvider;
	readonly contract: Contract;
	/** The file of a contract of one's own, relative to the project. */
	readonly contractFile: string | undefined;
	/** Which of the contract's embeds the page shows. */
	readonly embed: string;
	/** The path of the endpoint's address, such as `/api/widget-token`. */
	readonly route: string;
	/** Where the browser's part goes, if not to its usual place. */
	readonly clientFile: string | undefined;
	/** The env file, relative to the project, if not the usual one. */
	readonly envFile: string | undefined;
	/** Whether the page is to load the widget's script from the sandbox. */
	readonly sandbox: boolean;
	/** How each of them is known, for the plan. */
	readonly because: { readonly framework: string; readonly provider: string; readonly widget: string };
}

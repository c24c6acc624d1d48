import type { Contract } from "@widget-token/core";
import type { Imports } from "./code.ts";
import type { PageValues } from "./page-values.ts";
import type { Project } from "./project.ts";
import type { UserCode } from "./user-code.ts";

/** What the browser's part is put together from. */
export interface ClientCode {
	readonly project: Project;
	readonly contract: Contract;
	/** Which of the contract's embeds. */
	readonly embed: string;
	readonly page: PageValues;
	readonly user: UserCode;
	/** The contract for the browser; undefined for one that says nothing of it. */
	readonly widget: { readonly imports: Imports; readonly expression: string } | undefined;
	/** The address of the endpoint as an expression. */
	readonly endpoint: string;
}

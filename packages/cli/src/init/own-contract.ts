import type { Contract } from "@widget-token/core";
import { onOneLine } from "@widget-token/sandbox/invisible";
import { resolveContract } from "../contract-argument.ts";

/** Reads a contract of the project's own. Its texts go into comments and onto the screen; the app itself reads the file. */
export async function readOwnContract(file: string, folder: string): Promise<Contract> {
	const { contract } = await resolveContract([], { contract: file }, folder);
	return JSON.parse(JSON.stringify(contract), (_, value: unknown) => (typeof value === "string" ? onOneLine(value) : value));
}

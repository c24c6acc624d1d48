import type { Command } from "commander";
import { createCommand, formatColumns, run } from "../command.ts";
import { knownContracts } from "../contract-argument.ts";

export function createListCommand(): Command {
	return createCommand({
		name: "list",
		description: "Lists the widgets that are known, with the algorithm and the variable of each one's key.",
		examples: [
			["widget-token list", "which widgets there are"],
			["widget-token list --json", "the same, for a script"],
		],
	}).action(
		run(async ({ paint }) => {
			const contracts = knownContracts();
			return {
				data: contracts.map(({ id, name, scheme, algorithm, key, documentation }) => ({
					id,
					name,
					scheme,
					algorithm,
					keyEnv: key.env,
					documentation,
				})),
				text: () =>
					[
						formatColumns(
							[
								["ID", "NAME", "KEY", "VARIABLE"].map(paint.dim),
								...contracts.map(({ id, name, algorithm, key }) => [paint.bold(id), name, algorithm, key.env]),
							],
							{ indent: 0 },
						),
						"",
						paint.dim("widget-token show <id> prints a contract; --contract ./my-widget.json takes one of your own."),
					].join("\n"),
			};
		}),
	);
}

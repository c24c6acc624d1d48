// Writes what is derived from the schema of the contract format: the types, and the JSON Schema that @widget-token/widgets publishes.
import { writeFile } from "node:fs/promises";
import { contractFiles } from "./contract-files.ts";

for (const [path, text] of Object.entries(contractFiles())) await writeFile(new URL(`../${path}`, import.meta.url), text);

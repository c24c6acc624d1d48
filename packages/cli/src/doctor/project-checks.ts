import type { Contract } from "@widget-token/core";
import { checkAuthorizedParties } from "./authorized-parties.ts";
import { checkBuildOutput } from "./build-output.ts";
import { checkEmulators, checkEnvFiles, checkSettings } from "./env-checks.ts";
import type { Diagnosis } from "./finding.ts";
import { checkKeys } from "./key-checks.ts";
import { checkKeyCopies } from "./key-copies.ts";
import { checkLeftToDo } from "./left-to-do.ts";
import { checkLifetimesInCode } from "./lifetime-in-code.ts";
import { checkMiddleware } from "./middleware.ts";
import type { Project } from "./project.ts";
import { checkProviderSdks } from "./provider-sdk.ts";

/** All that can be told without asking the app. `askedPath` is the path of its token endpoint, where it is known. */
export async function checkProject(project: Project, contracts: readonly Contract[], askedPath?: string): Promise<readonly Diagnosis[]> {
	return [
		...(await checkKeys(project, contracts)),
		...(await checkKeyCopies(project, contracts)),
		...checkEnvFiles(project, contracts),
		...checkSettings(project, contracts),
		...checkLeftToDo(project, contracts),
		...checkEmulators(project),
		...checkLifetimesInCode(project),
		...checkMiddleware(project, askedPath),
		...checkAuthorizedParties(project),
		...checkProviderSdks(project),
		...(await checkBuildOutput(project, contracts)),
	];
}

import { type Diagnosis, failed, passed } from "./finding.ts";
import { readInstalled } from "./package-manifest.ts";
import type { Project } from "./project.ts";
import { isInRange } from "./version-range.ts";

/** Whether the auth SDK is one that our provider package supports, by the range that the package itself declares. */
export function checkProviderSdks({ folder, dependencies }: Project): readonly Diagnosis[] {
	return [...dependencies]
		.filter((name) => name.startsWith("@widget-token/"))
		.flatMap((name) => {
			const { peerDependencies = {}, peerDependenciesMeta = {} } = readInstalled(folder, name) ?? {};
			return Object.entries(peerDependencies).flatMap(([peer, range]) => {
				const version = readInstalled(folder, peer)?.version;
				const problem = { where: peer, expected: `${range}, as ${name} needs it` };
				if (version === undefined) {
					if (peerDependenciesMeta[peer]?.optional === true && !dependencies.has(peer)) return [];
					return failed("provider-sdk", { ...problem, got: "it is not installed", remedy: `Install ${peer}.` });
				}
				if (isInRange(version, range) !== false) return passed("provider-sdk", `${peer} ${version}`);
				return failed("provider-sdk", {
					...problem,
					got: version,
					remedy: `Install a version of ${peer} within ${range}, or a ${name} that supports ${version}.`,
				});
			});
		});
}

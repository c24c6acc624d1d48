import { createVerifyHandler, type Verify, type VerifyContext } from "@widget-token/core/verify";
import { hostOfOrigin, type IsTrustedHost, isOwnPage } from "./trusted-hosts.ts";
import type { VerificationLog } from "./verification-log.ts";
import { reportVerification, type VerificationReport } from "./verification-report.ts";
import type { SandboxWidget } from "./widget.ts";

/** The header that names the report of an answer; the report itself is at `/api/verifications/<id>`. */
const reportHeader = "sandbox-verification";

export interface VerifyRouteOptions {
	readonly log: VerificationLog;
	readonly isTrusted: IsTrustedHost;
	readonly now: () => number;
}

/** The vendor's endpoint for one widget, with a report of each verification next to the answer. */
export function createVerifyRoute(
	widget: SandboxWidget,
	{ log, isTrusted, now }: VerifyRouteOptions,
): (request: Request) => Promise<Response> {
	return async (request) => {
		let report: VerificationReport | undefined;
		const page = request.headers.get("origin") ?? undefined;
		const verify = async (token: string, context: VerifyContext = {}): ReturnType<Verify> => {
			const { contract, settings, knownRoles } = widget;
			const { identifier } = context;
			const { result, signedWith } = await widget.verify(token, context, isOwnPage(request));
			const hint = result.verified ? undefined : await widget.explain(result.code, token, identifier);
			report = reportVerification({ contract, settings, knownRoles, token, identifier, result, signedWith, hint, page, now: now() });
			log.add(report);
			return result;
		};
		const handler = createVerifyHandler({
			widget: Object.assign(verify, { contract: widget.contract }),
			allowedOrigins: (origin) => isTrusted(hostOfOrigin(origin) ?? ""),
		});
		const response = await handler(request);
		if (report !== undefined) {
			response.headers.set(reportHeader, report.id);
			response.headers.append("access-control-expose-headers", reportHeader);
		}
		return response;
	};
}

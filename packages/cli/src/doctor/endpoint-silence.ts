import { type Diagnosis, failed } from "./finding.ts";

/** The endpoint did not answer; `reason` is a system's error code, or `timeout`. */
export class EndpointSilent extends Error {
	override readonly name = "EndpointSilent";
	readonly reason: string;

	constructor(reason: string) {
		super(`No answer: ${reason}`);
		this.reason = reason;
	}
}

const silences: Readonly<Record<string, readonly [got: string, remedy: string]>> = {
	ECONNREFUSED: ["nothing listens there", "Start the app, and check the port."],
	ENOTFOUND: ["no host of that name", "Check the address."],
	EAI_AGAIN: ["no host of that name", "Check the address and the network."],
	ECONNRESET: ["the connection was cut", "See the server's log; check http against https."],
	EPROTO: ["no TLS", "Check http against https."],
	timeout: ["no answer in time", "See where the route waits; the auth provider may not be reachable from the server."],
};

/** The finding for an endpoint that does not answer. */
export function describeSilence({ reason }: EndpointSilent, where: string): Diagnosis {
	const isCertificate = /CERT|SELF_SIGNED|ISSUER|ERR_TLS/.test(reason);
	const [got, remedy] =
		silences[reason] ??
		(isCertificate
			? ["a certificate that is not trusted here", "Pass its authority in NODE_EXTRA_CA_CERTS, or ask over http on loopback."]
			: [`no answer (${reason})`, "See the server's log."]);
	return failed("reachable", { where, got, remedy });
}

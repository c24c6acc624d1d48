import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Auth0Backend } from "@widget-token/test-kit/backends/auth0";
import express, { type Express } from "express";
import { auth } from "express-openid-connect";

type AuthOptions = Parameters<typeof auth>[0];

export interface ExpressApp {
	readonly url: string;
	close(): Promise<void>;
}

/** A real Express app with `auth()` of express-openid-connect in front of the local tenant. */
export async function startExpressApp(
	backend: Auth0Backend,
	addRoutes: (app: Express) => void,
	options: AuthOptions = {},
): Promise<ExpressApp> {
	const app = express();
	const server = createServer(app);
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	const url = `http://localhost:${(server.address() as AddressInfo).port}`;
	app.use(
		auth({
			authRequired: false,
			baseURL: url,
			issuerBaseURL: backend.issuer,
			clientID: backend.clientId,
			clientSecret: backend.clientSecret,
			authorizationParams: { response_type: "code", scope: "openid profile email" },
			secret: randomBytes(32).toString("hex"),
			...options,
		}),
	);
	addRoutes(app);
	return {
		url,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

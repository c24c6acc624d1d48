import { createServer } from "node:http";
import jwt from "jsonwebtoken";
import { copilotId, createSecret, tenantId, user } from "../identity.ts";
import { announce } from "./announce.ts";

const secret = createSecret();

// The route as the vendor's page has it.
announce(
	createServer((_, response) => {
		const token = jwt.sign(
			{ iss: tenantId, sub: user.id, copilot_id: copilotId, role: user.role, name: user.name, email: user.email },
			secret,
			{ algorithm: "HS256", expiresIn: "1h" },
		);
		response.writeHead(200, { "content-type": "application/json" });
		response.end(JSON.stringify({ token }));
	}),
);

import { createServer } from "node:http";
import { announce } from "./announce.ts";

const body = JSON.stringify({ token: "x".repeat(390), expiresIn: 3600 });

announce(
	createServer((_, response) => {
		response.writeHead(200, { "content-type": "application/json" });
		response.end(body);
	}),
);

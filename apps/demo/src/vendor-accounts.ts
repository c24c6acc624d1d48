import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import type { VendorAccounts } from "./vendor-check.ts";

/** What one customer has at the five vendors, both halves of it. */
export interface Customer {
	/** What the vendors hold and check with. */
	readonly accounts: VendorAccounts;
	/** What the customer's apps are given, by the names of the vendors' pages and of our README. */
	readonly env: Readonly<Record<string, string>>;
}

/** Signs a customer up at every vendor: keys and ids that exist for this run only. */
export function createCustomer(): Customer {
	const secret = (): string => randomBytes(32).toString("base64url");
	const { publicKey, privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { format: "pem", type: "spki" },
		privateKeyEncoding: { format: "pem", type: "pkcs8" },
	});
	const accounts: VendorAccounts = {
		onpilot: { secret: secret(), tenantId: `tenant-${randomUUID()}`, copilotId: `copilot-${randomUUID()}` },
		bestchatbot: { secret: secret() },
		// The vendor shows 64 hexadecimal characters, and takes them as text.
		hilal: { secret: randomBytes(32).toString("hex") },
		jupid: { secret: secret(), partnerId: `partner-${randomUUID()}`, audience: "jupid-embed" },
		customgpt: { publicKey, attributeName: "roles", teamRoles: ["Admin", "User"] },
	};
	const { onpilot, bestchatbot, hilal, jupid } = accounts;
	return {
		accounts,
		env: {
			ONPILOT_EMBED_SECRET: onpilot.secret,
			ONPILOT_TENANT_ID: onpilot.tenantId,
			ONPILOT_COPILOT_ID: onpilot.copilotId,
			BESTCHATBOT_SIGNING_KEY: bestchatbot.secret,
			HILAL_WIDGET_HMAC_SECRET: hilal.secret,
			JUPID_EMBED_SECRET: jupid.secret,
			JUPID_EMBED_PARTNER_ID: jupid.partnerId,
			CUSTOMGPT_PRIVATE_KEY: privateKey,
		},
	};
}

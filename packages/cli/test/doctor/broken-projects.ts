import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { CheckId } from "../../src/doctor/checks.ts";
import { type Unwritten, unwritten } from "../../src/init/unwritten.ts";
import { hilalSecret } from "../run-cli.ts";

/** A small project with one mistake. */
export interface BrokenProject {
	readonly name: string;
	/** The checks that have to find it, with their levels. */
	readonly found: readonly `${"error" | "warning"} ${CheckId}`[];
	/** What the finding has to name. */
	readonly where: RegExp;
	/** What it has to say about the fix. */
	readonly remedy?: RegExp;
	readonly files: Readonly<Record<string, string | Buffer>>;
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly prepare?: (folder: string) => void;
}

const other = "9b1d7c3e5a2f4860b7d9e1c3a5f7082496b8d0e2f4a6c8e0b2d4f6a8c0e2f4a6";
const env = `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`;
const ours = {
	"@widget-token/client": "1.0.0",
	"@widget-token/core": "1.0.0",
	"@widget-token/widgets": "1.0.0",
	"@widget-token/clerk": "1.0.0",
};
const manifest = (dependencies: Readonly<Record<string, string>> = {}): string =>
	JSON.stringify({ name: "app", dependencies: { ...ours, ...dependencies } });
const installed = (version: string, more: object = {}): string => JSON.stringify({ version, ...more });
const git =
	(...args: string[]) =>
	(folder: string) => {
		execFileSync("git", ["init", "-q"], { cwd: folder });
		if (args.length > 0) execFileSync("git", args, { cwd: folder });
	};

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const weakPem = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const publicPem = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "pem", type: "spki" }).toString();
const quoted = (text: string): string => JSON.stringify(text);

const nextApp = { next: "16.4.5", "@clerk/nextjs": "7.9.7", "@widget-token/clerk": "1.0.0", "@widget-token/widgets": "1.0.0" };
const route =
	'import { withClerkWidgetToken } from "@widget-token/clerk";\nimport { hilal } from "@widget-token/widgets";\nexport const GET = withClerkWidgetToken({ widget: hilal });\n';
const proxy = (matcher: string): string =>
	`import { clerkMiddleware } from "@clerk/nextjs/server";\nexport default clerkMiddleware();\nexport const config = { matcher: ${matcher} };\n`;
const proxyWith = (option: string): string =>
	`import { clerkMiddleware } from "@clerk/nextjs/server";\nexport default clerkMiddleware({\n\t${option}\n});\n`;
const clerkApp = {
	"package.json": manifest(nextApp),
	"node_modules/next/package.json": installed("16.4.5"),
	"app/api/widget-token/route.ts": route,
	".env.local": env,
};

// A widget whose page needs a value.
const pageContract = {
	id: "acme",
	name: "Acme",
	documentation: ["https://docs.example.com"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "ACME_SECRET", encoding: "utf8" },
	claims: {
		sub: { from: "identity", field: "id", required: true },
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 60, maximumSeconds: 600 },
	delivery: {
		settings: { siteId: { description: "the id of the site" } },
		embeds: {
			default: {
				script: { src: "https://cdn.example.com/chat.js", attributes: { "data-site": "{siteId}" }, tokenAttribute: "data-token" },
			},
		},
	},
};

/** One project for each mistake; where a check has several ways to find one, one for each. */
export const brokenProjects: readonly BrokenProject[] = [
	{
		name: "no key",
		found: ["error key-present"],
		where: /^HILAL_WIDGET_HMAC_SECRET$/,
		files: { "app.ts": 'import { hilal } from "@widget-token/widgets";\n', "package.json": manifest() },
	},
	{
		name: "an empty key",
		found: ["error key-present"],
		where: /^HILAL_WIDGET_HMAC_SECRET$/,
		files: { ".env": "HILAL_WIDGET_HMAC_SECRET=\n" },
	},
	...(
		[
			["plain Node does not load", { express: "^5.0.0" }, ".env", /^Start it with node --env-file=\.env, or pass `env`/],
			[
				"SvelteKit keeps out of process.env",
				{ "@sveltejs/kit": "^3.0.0" },
				".env",
				/^Pass `env`: import \{ env \} from "\$env\/dynamic\/private"/,
			],
			["Astro keeps out of process.env", { astro: "^7.0.0" }, ".env", /astro:env\/server.*import\.meta\.env\.HILAL_WIDGET_HMAC_SECRET/],
			["Next.js does not load", { next: "16.4.5" }, ".dev.vars", /^Move it from \.dev\.vars to \.env\.local\.$/],
		] as const
	).map(
		([name, dependencies, file, remedy]): BrokenProject => ({
			name: `a key in an env file that ${name}`,
			found: ["warning key-present"],
			where: new RegExp(`^HILAL_WIDGET_HMAC_SECRET in ${file.replaceAll(".", "\\.")}$`),
			files: { "package.json": manifest(dependencies), [file]: env },
			remedy,
		}),
	),
	{
		name: "a key in .env, where Wrangler reads .dev.vars",
		found: ["warning key-present"],
		where: /^HILAL_WIDGET_HMAC_SECRET in \.env$/,
		files: { "package.json": manifest(), "wrangler.jsonc": "{}", ".dev.vars": "OTHER=1\n", ".env": env },
		remedy: /to \.dev\.vars/,
	},
	{
		name: "settings in an env file that plain Node does not load, with a secret from a store",
		found: ["warning setting-present"],
		where: /^ONPILOT_TENANT_ID in \.env; ONPILOT_COPILOT_ID in \.env$/,
		files: {
			"package.json": manifest({ fastify: "^5.0.0" }),
			".env": "ONPILOT_TENANT_ID=tenant-of-the-app\nONPILOT_COPILOT_ID=copilot-of-the-app\n",
			"server.ts":
				'import { createTokenHandler } from "@widget-token/core";\nimport { onPilot } from "@widget-token/widgets";\nexport const h = createTokenHandler({ widget: onPilot, secret: () => fetchSecret(), identify });\n',
		},
		remedy: /--env-file=\.env/,
	},
	{
		name: "a key in quotation marks twice",
		found: ["error key-quotes"],
		where: /^HILAL_WIDGET_HMAC_SECRET in \.env$/,
		files: { ".env": `HILAL_WIDGET_HMAC_SECRET='"${hilalSecret}"'\n` },
	},
	{
		name: "a key with a line break at its end",
		found: ["error key-whitespace"],
		where: /in \.env$/,
		files: { ".env": `HILAL_WIDGET_HMAC_SECRET="${hilalSecret}\\n"\n` },
	},
	{
		name: "a key with a space, in the environment",
		found: ["error key-whitespace"],
		where: /^HILAL_WIDGET_HMAC_SECRET$/,
		files: { "package.json": manifest() },
		env: { HILAL_WIDGET_HMAC_SECRET: `${hilalSecret} ` },
	},
	{
		name: "a placeholder",
		found: ["error key-placeholder"],
		where: /in \.env$/,
		files: { ".env": "HILAL_WIDGET_HMAC_SECRET=your-secret-from-the-dashboard-0123456789\n" },
	},
	{
		name: "a placeholder for production only",
		found: ["error key-placeholder"],
		where: /in \.env\.production$/,
		files: { ".env": env, ".env.production": "HILAL_WIDGET_HMAC_SECRET=<the-secret-of-the-dashboard-goes-here>\n" },
	},
	{
		name: "a short key",
		found: ["error key-length"],
		where: /in \.env$/,
		files: { ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret.slice(0, 20)}\n` },
	},
	{
		name: "a weak RSA key",
		found: ["error key-length"],
		where: /CUSTOMGPT_PRIVATE_KEY in \.env$/,
		files: { ".env": `CUSTOMGPT_PRIVATE_KEY=${quoted(weakPem)}\n` },
	},
	{
		name: "a PEM file as shared secret",
		found: ["error key-form"],
		where: /in \.env$/,
		files: { ".env": `HILAL_WIDGET_HMAC_SECRET=${quoted(pem)}\n` },
	},
	{
		name: "the public half in place of the private one",
		found: ["error key-form"],
		where: /CUSTOMGPT_PRIVATE_KEY in \.env$/,
		files: { ".env": `CUSTOMGPT_PRIVATE_KEY=${quoted(publicPem)}\n` },
	},
	{
		name: "a dollar sign that Next.js expands",
		found: ["warning key-expansion"],
		where: /in \.env\.local, line 2$/,
		files: { "package.json": manifest({ next: "16.4.5" }), ".env.local": `# a comment\nHILAL_WIDGET_HMAC_SECRET=${hilalSecret}$abc\n` },
	},
	{
		name: "a copy of the key under a public name",
		found: ["error key-public-copy"],
		where: /^VITE_CHAT_TOKEN in \.env, line 2$/,
		files: { ".env": `${env}VITE_CHAT_TOKEN=${hilalSecret}\n` },
	},
	{
		name: "the key's own name with a public prefix, and another value",
		found: ["error key-public-copy"],
		where: /^NEXT_PUBLIC_HILAL_WIDGET_HMAC_SECRET in \.env\.production, line 1$/,
		files: { ".env": env, ".env.production": `NEXT_PUBLIC_HILAL_WIDGET_HMAC_SECRET=${other}\n` },
	},
	{
		name: "one secret for two widgets",
		found: ["error key-shared"],
		where: /^HILAL_WIDGET_HMAC_SECRET in \.env$/,
		files: { ".env": `${env}BESTCHATBOT_SIGNING_KEY=${hilalSecret}\n` },
	},
	{
		name: "the secret that signs the app's own sessions",
		found: ["error key-shared"],
		where: /HILAL_WIDGET_HMAC_SECRET and AUTH_SECRET in \.env, line 2/,
		files: { ".env": `${env}AUTH_SECRET=${hilalSecret}\n` },
	},
	{
		name: "the key in the example file",
		found: ["error key-in-example"],
		where: /^HILAL_WIDGET_HMAC_SECRET in \.env\.example, line 1$/,
		files: { ".env": env, ".env.example": env },
	},
	{
		name: "the key in a script for browsers",
		found: ["error key-in-build"],
		where: /in dist\/assets\/index\.js$/,
		files: { ".env": env, "dist/assets/index.js": `const secret="${hilalSecret}";` },
	},
	{
		name: "the key in a source map within a script",
		found: ["error key-in-build"],
		where: /in \.next\/static\/chunks\/app\.js$/,
		files: {
			".env": env,
			".next/static/chunks/app.js": `//# sourceMappingURL=data:application/json;base64,${Buffer.from(`{"sources":["const key = '${hilalSecret}';"]}`).toString("base64")}`,
		},
	},
	{
		name: "the bytes of the key, across two reads of a large file",
		found: ["error key-in-build"],
		where: /in build\/large\.bin$/,
		files: {
			".env": env,
			"build/large.bin": Buffer.concat([Buffer.alloc(4_194_304 + 96, "-"), Buffer.from(hilalSecret), Buffer.alloc(100, "-")]),
		},
	},
	{
		name: "the key in a script, and in quotation marks in its env file",
		found: ["error key-in-build", "error key-quotes"],
		where: /in dist\/app\.js$/,
		files: { ".env": `HILAL_WIDGET_HMAC_SECRET='"${hilalSecret}"'\n`, "dist/app.js": `sign(${quoted(hilalSecret)})` },
	},
	{
		name: "the key in a compressed file",
		found: ["error key-in-build"],
		where: /in public\/app\.js\.gz$/,
		files: { ".env": env, "public/app.js.gz": gzipSync(`const secret="${hilalSecret}";`) },
	},
	{
		name: "an escaped PEM file in a source map",
		found: ["error key-in-build"],
		where: /CUSTOMGPT_PRIVATE_KEY in \.env in build\/app\.js\.map|CUSTOMGPT_PRIVATE_KEY in build\/app\.js\.map/,
		files: {
			".env": `CUSTOMGPT_PRIVATE_KEY=${quoted(pem)}\n`,
			"build/app.js.map": JSON.stringify({ sourcesContent: [`const key = ${quoted(pem)};`] }),
		},
	},
	{
		name: "the lines of a PEM file, put together by code",
		found: ["error key-in-build"],
		where: /CUSTOMGPT_PRIVATE_KEY in public\/key\.js/,
		files: { ".env": `CUSTOMGPT_PRIVATE_KEY=${quoted(pem)}\n`, "public/key.js": `${JSON.stringify(pem.split("\n"))}.join("\\n")` },
	},
	{
		name: "the key in the server's part of the build",
		found: ["warning key-in-build"],
		where: /in \.next\/server\/app\/route\.js$/,
		files: { ".env": env, ".next/server/app/route.js": `sign(${quoted(hilalSecret)})` },
	},
	{
		name: "the env file in what is deployed",
		found: ["warning key-in-build"],
		where: /in \.next\/standalone\/\.env$/,
		files: { ".env": env, ".next/standalone/.env": env },
	},
	{
		name: "an env file that git would take along",
		found: ["error env-file-ignored"],
		where: /^\.env$/,
		files: { ".env": env },
		prepare: git(),
	},
	{
		name: "an env file that is committed",
		found: ["error env-file-ignored"],
		where: /^\.env$/,
		files: { ".env": env, ".gitignore": ".env\n" },
		prepare: git("add", "-f", ".env"),
	},
	{
		name: "a setting without a value",
		found: ["error setting-present"],
		where: /ONPILOT_COPILOT_ID/,
		files: { ".env": `ONPILOT_EMBED_SECRET=${other}\nONPILOT_TENANT_ID=t_1\n` },
	},
	{
		name: "a lifetime above the vendor's advice",
		found: ["warning lifetime-in-code"],
		where: /^server\.ts, line 3$/,
		files: {
			".env": env,
			"server.ts":
				'import { createMint } from "@widget-token/core";\nimport { hilal } from "@widget-token/widgets";\nexport const mint = createMint(hilal, { lifetimeSeconds: 8 * 60 * 60 });\n',
		},
	},
	{
		name: "a lifetime above the maximum",
		found: ["error lifetime-in-code"],
		where: /^server\.ts, line 2$/,
		files: {
			".env": env,
			"server.ts": 'import { hilal } from "@widget-token/widgets";\nexport const options = { widget: hilal, lifetimeSeconds: 604_800 };\n',
		},
	},
	{
		name: "an empty key of the auth provider",
		found: ["error variable-present"],
		where: /^CLERK_SECRET_KEY in \.env\.local$/,
		files: { ...clerkApp, "proxy.ts": proxy('["/(.*)"]'), ".env.local": `${env}CLERK_SECRET_KEY=\nCLERK_JWT_KEY=\n` },
		remedy: /Clerk: dashboard, API keys/,
	},
	{
		name: "a placeholder in place of the auth provider's key",
		found: ["error variable-present"],
		where: /^CLERK_SECRET_KEY in \.env\.local$/,
		files: { ...clerkApp, "proxy.ts": proxy('["/(.*)"]'), ".env.local": `${env}CLERK_SECRET_KEY=sk_test_your-secret-key\n` },
	},
	{
		name: "a variable that the page reads, and nothing sets",
		found: ["error variable-present"],
		where: /^NEXT_PUBLIC_ACME_SITE_ID, which app\/page\.tsx reads$/,
		files: {
			"package.json": manifest({ next: "16.4.5" }),
			"acme.json": JSON.stringify(pageContract),
			"app/page.tsx":
				'"use client";\nimport { Widget } from "@widget-token/client/react";\nimport acmeContract from "../acme.json";\nexport default () => <Widget contract={acmeContract} settings={{ siteId: process.env.NEXT_PUBLIC_ACME_SITE_ID ?? "" }} />;\n',
		},
		args: ["acme.json"],
		env: { ACME_SECRET: other },
		remedy: /the id of the site/,
	},
	{
		name: "a package that package.json lacks",
		found: ["error packages"],
		where: /^package\.json$/,
		files: { ...clerkApp, "proxy.ts": proxy('["/(.*)"]'), "package.json": JSON.stringify({ dependencies: { next: "16.4.5" } }) },
		remedy: /^Run npm install @widget-token\/clerk @widget-token\/widgets$/,
	},
	...Object.entries({
		role: "error",
		claim: "error",
		identify: "error",
		user: "warning",
		session: "warning",
		handOver: "error",
		supabaseProject: "error",
	} satisfies Record<Unwritten, string>).map(
		([mark, level]): BrokenProject => ({
			name: `what init has left to write: ${mark}`,
			found: [`${level as "error"} unwritten`],
			where: /^app\/api\/widget-token\/route\.ts, line 4$/,
			files: {
				...clerkApp,
				"proxy.ts": proxy('["/(.*)"]'),
				"app/api/widget-token/route.ts": `${route}// ${unwritten[mark as Unwritten]}\n`,
			},
		}),
	),
	{
		name: "an empty setting in the code of the page",
		found: ["error unwritten"],
		where: /^siteId in src\/main\.js$/,
		files: {
			"package.json": manifest(),
			"acme.json": JSON.stringify(pageContract),
			"src/main.js":
				'import { mountWidget } from "@widget-token/client";\nimport acmeContract from "../acme.json";\nmountWidget(acmeContract, { session, settings: { siteId: "" } });\n',
		},
		args: ["acme.json"],
		env: { ACME_SECRET: other },
		remedy: /the id of the site/,
	},
	{
		name: "a component that nothing imports",
		found: ["warning wired-up"],
		where: /^app\/layout\.tsx$/,
		files: {
			...clerkApp,
			"proxy.ts": proxy('["/(.*)"]'),
			"app/layout.tsx": "<ClerkProvider>",
			"components/hilal-widget.tsx":
				'import { Widget } from "@widget-token/client/react";\nimport { hilal } from "@widget-token/widgets/browser";\nexport const HilalWidget = () => <Widget contract={hilal} />;\n',
		},
		remedy: /^Show the widget on every page\.\nimport \{ HilalWidget \} from "\.\.\/components\/hilal-widget";\n\n<HilalWidget \/>$/,
	},
	{
		name: "an endpoint that the server does not serve",
		found: ["warning wired-up"],
		where: /^server\.js$/,
		files: {
			"package.json": JSON.stringify({
				type: "module",
				dependencies: { ...ours, express: "5" },
				scripts: { start: "node --env-file=.env server.js" },
			}),
			".env": env,
			"server.js": "const app = express();\n",
			"widget-token.js":
				'import { createTokenHandler } from "@widget-token/core";\nimport { hilal } from "@widget-token/widgets";\nexport const widgetToken = createTokenHandler({ widget: hilal, identify });\n',
		},
		remedy: /^Serve the endpoint\.\nimport \{ widgetToken \} from "\.\/widget-token\.js";/,
	},
	{
		name: "an emulator in the env file of production",
		found: ["error emulator"],
		where: /FIREBASE_AUTH_EMULATOR_HOST in \.env\.production/,
		files: { ".env": env, ".env.production": "FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099\n" },
	},
	{
		name: "an emulator with NODE_ENV=production",
		found: ["error emulator"],
		where: /FIREBASE_AUTH_EMULATOR_HOST/,
		files: { ".env": env },
		env: { NODE_ENV: "production", FIREBASE_AUTH_EMULATOR_HOST: "127.0.0.1:9099" },
	},
	{
		name: "a local auth backend in production",
		found: ["warning emulator"],
		where: /SUPABASE_URL in \.env\.production/,
		files: { ".env": env, ".env.production": "SUPABASE_URL=http://localhost:54321\n" },
	},
	{ name: "no middleware", found: ["error middleware"], where: /^proxy\.ts$/, files: clerkApp },
	{
		name: "a middleware beside src, where Next.js does not look",
		found: ["error middleware"],
		where: /^proxy\.ts$/,
		files: { ...clerkApp, "src/app/page.tsx": "", "proxy.ts": proxy('["/(.*)"]') },
	},
	{
		name: "a middleware in src, while app is beside it",
		found: ["error middleware"],
		where: /^src\/proxy\.ts$/,
		files: { ...clerkApp, "src/proxy.ts": proxy('["/(.*)"]') },
	},
	{
		name: "proxy.ts before Next.js 16",
		found: ["error middleware"],
		where: /^proxy\.ts$/,
		files: { ...clerkApp, "node_modules/next/package.json": installed("15.5.2"), "proxy.ts": proxy('["/(.*)"]') },
	},
	{
		name: "a middleware without Clerk",
		found: ["error middleware"],
		where: /^proxy\.ts$/,
		files: { ...clerkApp, "proxy.ts": "export default function proxy() {}\n" },
	},
	{
		name: "a matcher that leaves the route out",
		found: ["error middleware"],
		where: /^proxy\.ts for \/api\/widget-token$/,
		files: { ...clerkApp, "proxy.ts": proxy('["/((?!api|_next).*)", "/dashboard/:path*"]') },
	},
	...(
		[
			[
				"fall back to localhost",
				'authorizedParties: (process.env.CLERK_AUTHORIZED_PARTIES || "http://localhost:3000").split(","),',
				"",
				/Take the guess out.*CLERK_AUTHORIZED_PARTIES/,
			],
			[
				"fall back to localhost, with a value for development",
				'authorizedParties: [process.env.APP_ORIGIN ?? "http://localhost:3000"],',
				"APP_ORIGIN=http://localhost:3000\n",
				/Set APP_ORIGIN where you deploy/,
			],
			[
				"are in a variable that is not set",
				'authorizedParties: process.env.APP_ORIGINS?.split(","),',
				"APP_ORIGINS=\n",
				/^Set APP_ORIGINS to the app's origins/,
			],
			["are localhost alone", 'authorizedParties: ["http://localhost:3000", "http://127.0.0.1:3000"],', "", /^Add the origins/],
			["are an example", 'authorizedParties: ["https://app.example.com"],', "", /your own app/],
		] as const
	).map(
		([name, option, more, remedy]): BrokenProject => ({
			name: `authorised parties that ${name}`,
			found: ["warning authorized-parties"],
			where: /^proxy\.ts$/,
			files: { ...clerkApp, ".env.local": env + more, "proxy.ts": proxyWith(option) },
			remedy,
		}),
	),
	{
		name: "authorised parties in a constant, of a variable that is not set",
		found: ["warning authorized-parties"],
		where: /^proxy\.ts$/,
		files: {
			...clerkApp,
			"proxy.ts": `// authorizedParties: ["https://shop.test"]\nconst authorizedParties = (process.env.CLERK_AUTHORIZED_PARTIES ?? "").split(",").filter(Boolean);\n${proxyWith("authorizedParties,")}`,
		},
		remedy: /^Set CLERK_AUTHORIZED_PARTIES/,
	},
	{
		name: "authorised parties of an endpoint that fall back to localhost",
		found: ["warning authorized-parties"],
		where: /^server\.ts$/,
		files: {
			"package.json": manifest(),
			"server.ts":
				'import { createClerkTokenHandler } from "@widget-token/clerk/backend";\nconst origins = (process.env.APP_ORIGIN || "http://localhost:3000").split(",");\nexport const h = createClerkTokenHandler({ clerkClient, authorizedParties: origins, secret });\n',
			".env": env,
		},
		remedy: /^Set APP_ORIGIN/,
	},
	{
		name: "an SDK below the supported range",
		found: ["error provider-sdk"],
		where: /^firebase-admin$/,
		files: {
			".env": env,
			"package.json": manifest({ "@widget-token/firebase": "1.0.0", "firebase-admin": "11.0.0" }),
			"node_modules/@widget-token/firebase/package.json": installed("1.0.0", {
				peerDependencies: { "firebase-admin": "^13.0.0 || ^14.0.0" },
			}),
			"node_modules/firebase-admin/package.json": installed("11.0.0"),
		},
	},
	{
		name: "an SDK that is not installed",
		found: ["error provider-sdk"],
		where: /^firebase-admin$/,
		files: {
			".env": env,
			"package.json": manifest({ "@widget-token/firebase": "1.0.0" }),
			"node_modules/@widget-token/firebase/package.json": installed("1.0.0", { peerDependencies: { "firebase-admin": "^14.0.0" } }),
		},
	},
];

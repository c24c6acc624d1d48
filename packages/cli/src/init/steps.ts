import { findShell } from "./auth-files.ts";
import type { Choices } from "./choices.ts";
import type { ClientFile } from "./client-file.ts";
import { relativeImport } from "./code.ts";
import type { EndpointFile } from "./endpoint-file.ts";
import { importedPackages } from "./packages.ts";
import type { Step } from "./planned-file.ts";
import type { Project } from "./project.ts";
import { isImported, sourcePaths } from "./project-files.ts";
import { listServeSteps } from "./serve-steps.ts";
import { unwritten } from "./unwritten.ts";
import { requiredCustomClaims, requiresRole, type WidgetCode } from "./widget-code.ts";

/** What only the integrator can do, in the order in which it is best done. */
export function listSteps(
	project: Project,
	choices: Choices,
	widget: WidgetCode,
	endpoint: EndpointFile,
	client: ClientFile,
): readonly Step[] {
	return [
		...listMappings(project, choices, endpoint),
		...listServeSteps(project, choices, endpoint),
		...listPages(project, choices, widget, client),
	];
}

function listMappings({ files }: Project, { contract, provider }: Choices, { path }: EndpointFile): Step[] {
	const text = files.read(path);
	const lacks = (mark: string): boolean => text === undefined || text.includes(mark);
	const step = (title: string, mark: string): Step => ({ file: path, title, code: undefined, done: !lacks(mark) });
	return [
		...(provider.id === "custom"
			? [step("Write identify: who is the user of a request? Until then the endpoint gives nobody a token.", unwritten.identify)]
			: []),
		...(requiresRole(contract)
			? [step(`Map the user's role, which ${contract.name} requires. Until then the endpoint gives nobody a token.`, unwritten.role)]
			: []),
		...(requiredCustomClaims(contract).length > 0
			? [step(`Fill the claims that ${contract.name} requires. Until then the endpoint gives nobody a token.`, unwritten.claim)]
			: []),
	];
}

/** What is left to do by hand until the page shows the widget. */
export function listPages(project: Project, choices: Choices, { component }: WidgetCode, client: ClientFile): Step[] {
	const { contract, embed } = choices;
	const { files } = project;
	const steps: Step[] = [];
	const text = client.isPlaced ? files.read(client.path) : undefined;
	if (client.isPlaced && client.kind === "component") {
		steps.push(showComponent(project, choices, component, client));
	} else if (client.isPlaced) {
		const file = files.firstOf([...sourcePaths("src/main"), ...sourcePaths("src/index"), ...sourcePaths("main"), ...sourcePaths("index")]);
		const module = relativeImport(file ?? "src/main.ts", client.path).replace(/\.\w+$/, "");
		steps.push({ file, title: "Run it in the page.", code: `import "${module}";`, done: isImported(files, client.path) });
	} else {
		steps.push({
			file: undefined,
			title: `Show the widget in the code of your page, which needs ${importedPackages(client.content).join(", ")}.`,
			code: client.content.trimEnd(),
			done: files.findSource(/["']@widget-token\/client["']/) !== undefined,
		});
	}
	if (client.elementId !== undefined) {
		steps.push({
			file: undefined,
			title: "Give the widget its place in the page.",
			code: `<div id="${client.elementId}"></div>`,
			done:
				(text !== undefined && !text.includes(client.elementId)) ||
				files.findSource(new RegExp(`["']${client.elementId}["']`), { except: [client.path], withPages: true }) !== undefined,
		});
	}
	if (contract.delivery?.embeds[embed] === undefined) {
		steps.push({
			file: client.isPlaced ? client.path : undefined,
			title: "The contract does not say how the widget takes its token in the browser: hand it over, or add `delivery` to the contract.",
			code: "session.subscribe(({ token }) => giveToTheWidget(token ?? null), { fresh: () => true });",
			done: text !== undefined && (client.kind === "module" ? text.includes("session.subscribe(") : !text.includes(unwritten.handOver)),
		});
	}
	return steps;
}

function showComponent({ files, next }: Project, { provider, framework }: Choices, component: string, client: ClientFile): Step {
	const file = next === undefined ? files.firstOf([...sourcePaths("src/App"), ...sourcePaths("App")]) : findShell({ files, next });
	const module = relativeImport(file ?? "src/App.tsx", client.path).replace(/\.\w+$/, "");
	const isShown = isImported(files, client.path);
	const lacksClerk = next !== undefined && provider.id === "clerk" && files.findSource(/<ClerkProvider\b/) === undefined;
	const imports = `${lacksClerk ? 'import { ClerkProvider } from "@clerk/nextjs";\n' : ""}import { ${component} } from "${module}";`;
	const page = framework.id === "next-pages" ? "<Component {...pageProps} />" : "{children}";
	const element = lacksClerk ? `<ClerkProvider>\n  ${page}\n  <${component} />\n</ClerkProvider>` : `<${component} />`;
	return {
		file,
		title: `Show the widget on every page${lacksClerk ? ", inside <ClerkProvider>, which keeps the session alive" : ""}.`,
		code: `${imports}\n\n${element}`,
		done: isShown && !lacksClerk,
	};
}

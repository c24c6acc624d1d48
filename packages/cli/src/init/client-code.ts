import type { Contract } from "@widget-token/core";
import { type Imports, indent, literal, member, writeCall, writeComment, writeFile, writeImports, writeObject } from "./code.ts";
import type { PageValues } from "./page-values.ts";
import type { Project } from "./project.ts";
import type { UserCode } from "./user-code.ts";

/** What the browser's part is put together from. */
export interface ClientCode {
	readonly project: Project;
	readonly contract: Contract;
	/** Which of the contract's embeds. */
	readonly embed: string;
	readonly page: PageValues;
	readonly user: UserCode;
	/** The contract as an expression; undefined for one that says nothing of the browser. */
	readonly widget: string | undefined;
	readonly imports: Imports;
	readonly sessionOptions: readonly string[];
}

const fence = "// Another user's token is never shown, nor kept after the sign-out.";

/** A component of React. */
export function writeComponent(code: ClientCode, name: string): string {
	const { project, contract, page, user, imports } = code;
	const element = page.settings.find(({ kind }) => kind !== "text");
	const isReferred = element?.kind === "element";
	const follow = followUser(user);
	const body = [
		[user.hook?.statement, isReferred && `const container = useRef${project.isTypeScript ? "<HTMLDivElement>" : ""}(null);`]
			.filter(Boolean)
			.join("\n"),
		follow === undefined ? describeUser() : `${fence}\n${follow}`,
		code.widget && writeEffect([`const widget = ${writeMount(code, code.widget, "container.current")};`, "return () => widget.dispose();"]),
		`return ${element === undefined ? "null" : isReferred ? "<div ref={container} />" : `<div id=${literal(`${contract.id}-widget`)} />`};`,
	];
	const react = { react: [...(follow === undefined && code.widget === undefined ? [] : ["useEffect"]), ...(isReferred ? ["useRef"] : [])] };
	const description = `/** ${contract.name.replaceAll("*/", "")}, for whoever is signed in. Show it once, in what wraps every page. */`;
	return writeFile(
		[
			'"use client";',
			writeImports(imports, react.react.length === 0 ? {} : react),
			...user.setup,
			writeSession(code),
			`${description}\nexport function ${name}() {\n${indent(body.filter(Boolean).join("\n\n"))}\n}`,
		],
		project.indent,
	);
}

/** A module that runs once in the page. */
export function writeModule(code: ClientCode): string {
	const { project, contract, user, imports } = code;
	const { subscription } = user;
	const container = `document.querySelector(${literal(`#${contract.id}-widget`)})`;
	return writeFile(
		[
			writeImports(imports),
			...user.setup,
			`export ${writeSession(code)}`,
			subscription === undefined ? describeUser() : `${fence}\n${subscription.call};`,
			code.widget === undefined ? "" : `${writeMount(code, code.widget, container)};`,
		],
		project.indent,
	);
}

function writeSession({ sessionOptions }: ClientCode): string {
	return `const session = ${writeCall("createTokenSession", sessionOptions)};`;
}

function followUser({ hook, subscription }: UserCode): string | undefined {
	if (hook !== undefined) {
		const { unknown, variable, key } = hook;
		const lines = [`if (${unknown}) return;`, `if (${key}) session.identify(${key});`, "else void session.signOut();"];
		return writeEffect(lines, [variable, key]);
	}
	return subscription && writeEffect([`const ${subscription.result} = ${subscription.call};`, `return () => ${subscription.end};`]);
}

function writeEffect(lines: readonly string[], dependencies: readonly string[] = []): string {
	return `useEffect(() => {\n${indent(lines.join("\n"))}\n}, [${dependencies.join(", ")}]);`;
}

function describeUser(): string {
	return writeComment(
		"TODO: call session.identify(user.id) as soon as it is known who is signed in, and sign out by session.signOut(() => signOutOfTheApp()). Then nobody is shown the token of the user before.",
	);
}

function writeMount({ contract, embed, page }: ClientCode, widget: string, container: string): string {
	const settings = page.settings.map(({ name, kind, description }) => {
		if (kind === "element") return member(name, container);
		if (kind === "elementId") return member(name, literal(`${contract.id}-widget`));
		const variable = page.settingVariable(name);
		return variable === undefined ? `${writeComment(description)}\n${member(name, literal(""))}` : member(name, `${variable} ?? ""`);
	});
	const options = [
		"session",
		...(embed === "default" ? [] : [member("embed", literal(embed))]),
		...(settings.length === 0 ? [] : [member("settings", writeObject(settings))]),
		...(page.scriptVariable === undefined ? [] : [member("src", `${page.scriptVariable} || undefined`)]),
	];
	return `mountWidget(${widget}, ${writeObject(options)})`;
}

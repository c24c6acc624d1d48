import type { ClientCode } from "./client-code.ts";
import { indent, literal, member, writeCall, writeComment, writeFile, writeImports, writeObject } from "./code.ts";
import { unwritten } from "./unwritten.ts";

/** Writes a module that shows the widget when it runs in the page. */
export function writeModule(code: ClientCode): string {
	const { project, user, widget, endpoint } = code;
	const { subscription, authorization } = user;
	const options = [member("endpoint", endpoint), ...(authorization === undefined ? [] : [member("authorization", authorization)])];
	return writeFile(
		[
			writeImports(user.imports, widget?.imports ?? {}, {
				"@widget-token/client": ["createTokenSession", ...(widget === undefined ? [] : ["mountWidget"])],
			}),
			...user.setup,
			`export const session = ${writeCall("createTokenSession", options)};`,
			subscription === undefined ? describeUser() : writeSubscription(subscription),
			widget === undefined ? "" : `${writeMount(code, widget.expression)};`,
		],
		project.indent,
	);
}

function writeSubscription({ subscribe, parameters, remember, present, key }: NonNullable<ClientCode["user"]["subscription"]>): string {
	const tell = `if (${present}) session.identify(${key});\nelse void session.signOut();`;
	const listener = `(${parameters}) => {\n${indent(remember === undefined ? tell : `${remember}\n${tell}`)}\n}`;
	return `// Another user's token is never shown, nor kept after the sign-out.\n${subscribe(listener)};`;
}

function describeUser(): string {
	return writeComment(
		`${unwritten.session}(user.id) as soon as it is known who is signed in, and sign out by session.signOut(() => signOutOfTheApp()). Then nobody is shown the token of the user before.`,
	);
}

function writeMount({ contract, embed, page }: ClientCode, widget: string): string {
	const id = `${contract.id}-widget`;
	const settings = page.settings.map(({ name, kind, description }) => {
		if (kind === "element") return member(name, `document.querySelector(${literal(`#${id}`)})`);
		if (kind === "elementId") return member(name, literal(id));
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

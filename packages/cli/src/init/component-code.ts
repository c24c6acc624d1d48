import type { ClientCode } from "./client-code.ts";
import { indent, literal, member, writeCall, writeComment, writeFile, writeImports, writeObject } from "./code.ts";
import { unwritten } from "./unwritten.ts";

/** Writes a component of React that shows the widget. */
export function writeComponent(code: ClientCode, name: string): string {
	const { project, contract, user, widget } = code;
	const { hook, subscription, authorization } = user;
	// Without a bearer token the component makes its session by itself.
	const hasSession = authorization !== undefined || widget === undefined;
	const state = subscription && `const [userId, setUserId] = useState${project.isTypeScript ? "<string | null>" : ""}();`;
	const body = [
		[hook?.statement, state].filter(Boolean).join("\n"),
		subscription && writeSubscription(subscription),
		widget === undefined ? writeHandOver() : undefined,
		hook === undefined && subscription === undefined ? describeUser(widget === undefined) : undefined,
		`return ${widget === undefined ? "null" : writeElement(code, widget.expression, hasSession)};`,
	];
	const react = [...(subscription || widget === undefined ? ["useEffect"] : []), ...(subscription ? ["useState"] : [])];
	const session = `const session = ${writeCall("createTokenSession", [member("endpoint", code.endpoint), ...(authorization === undefined ? [] : [member("authorization", authorization)])])};`;
	const description = `/** ${contract.name.replaceAll("*/", "")}, for whoever is signed in. Show it once, in what wraps every page. */`;
	return writeFile(
		[
			// Without a hook it may as well be rendered on the server.
			hook === undefined && react.length === 0 ? "" : '"use client";',
			writeImports(
				user.imports,
				widget?.imports ?? {},
				{ "@widget-token/client/react": [widget === undefined ? "useWidgetToken" : "Widget"] },
				hasSession ? { "@widget-token/client": ["createTokenSession"] } : {},
				react.length === 0 ? {} : { react },
			),
			...user.setup,
			hasSession ? session : "",
			`${description}\nexport function ${name}() {\n${indent(body.filter(Boolean).join("\n\n"))}\n}`,
		],
		project.indent,
	);
}

function writeSubscription({
	subscribe,
	parameters,
	remember,
	present,
	key,
	end,
}: NonNullable<ClientCode["user"]["subscription"]>): string {
	const tell = `setUserId(${present} ? ${key} : null)`;
	const call = subscribe(`(${parameters}) => ${remember === undefined ? tell : `{\n${indent(`${remember}\n${tell};`)}\n}`}`);
	if (end === undefined) return `useEffect(() => ${call}, []);`;
	return `useEffect(() => {\n${indent(`const { data } = ${call};\nreturn () => ${end};`)}\n}, []);`;
}

function writeElement({ embed, page, user, endpoint }: ClientCode, widget: string, hasSession: boolean): string {
	const key = user.hook?.user ?? (user.subscription === undefined ? undefined : "userId");
	// The component has an element of its own for the widgets that need one.
	const settings = page.settings.flatMap(({ name, kind }) =>
		kind === "text" ? [member(name, `${page.settingVariable(name)} ?? ""`)] : [],
	);
	const props = [
		`contract={${widget}}`,
		hasSession ? "session={session}" : endpoint.startsWith('"') ? `endpoint=${endpoint}` : `endpoint={${endpoint}}`,
		...(key === undefined ? [] : [`user={${key}}`]),
		...(embed === "default" ? [] : [`embed=${literal(embed)}`]),
		...(settings.length === 0 ? [] : [`settings={${writeObject(settings)}}`]),
		...(page.scriptVariable === undefined ? [] : [`src={${page.scriptVariable} || undefined}`]),
	];
	return `(\n\t<Widget\n${props.map((prop) => indent(indent(prop))).join("\n")}\n\t/>\n)`;
}

function writeHandOver(): string {
	const comment = writeComment(`${unwritten.handOver}; it is undefined while there is none.`);
	return `const { token } = useWidgetToken(session);\n\nuseEffect(() => {\n${indent(comment)}\n\tvoid token;\n}, [token]);`;
}

function describeUser(hasNoWidget: boolean): string {
	return writeComment(
		hasNoWidget
			? `${unwritten.session}(user.id) as soon as it is known who is signed in, and session.signOut() when nobody is.`
			: `${unwritten.user} as user={user.id}, null for nobody: then no one is shown the token of the user before.`,
	);
}

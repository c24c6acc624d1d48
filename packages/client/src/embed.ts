/** The page's values for a widget, by the names in its contract. */
export type WidgetSettings = Readonly<Record<string, any>>;

/** Replaces every `{name}` in a value by what it stands for. One that may stand for nothing is written `{name?}`, and is then left out. */
export function fill(value: unknown, scope: WidgetSettings): any {
	return JSON.parse(JSON.stringify(value), (_, text) => {
		if (text?.[0] !== "{") return text;
		const [name, isOptional] = text.slice(1, -1).split("?");
		if (scope[name] === undefined && isOptional === undefined) throw new TypeError(`${name} is missing`);
		return scope[name];
	});
}

import * as v from "valibot";
import type { Delivery, JsonValue } from "./contract.ts";
import { described, matching, text as nonEmptyText, oneOf, optional, recordOf } from "./schema-parts.ts";

/** How a widget gets its token in the browser: the schema, and its parts by the names of their types. */
export interface DeliveryFormat {
	readonly schema: v.GenericSchema<unknown, Delivery>;
	readonly parts: Readonly<Record<string, v.GenericSchema>>;
}

const settingName = /^[a-z][A-Za-z0-9]{0,63}$/;

/** Makes the schema of a contract's delivery. */
export function createDeliveryFormat(): DeliveryFormat {
	const text = nonEmptyText();
	const flag = v.boolean("is not true or false");
	const jsonValue = v.custom<JsonValue>((value) => value !== undefined, "is missing");
	// An attribute that runs code, or that decides what is loaded, does not belong in a contract.
	const attributeNamePattern = /^(?!on|src$|nonce$)[a-z][a-z0-9_-]{0,63}$/;
	const attributeName = matching(attributeNamePattern);
	const globalName = matching(/^(?!(?:constructor|prototype|__proto__)$)[A-Za-z_$][A-Za-z0-9_$]{0,63}$/);

	// A misspelt reference would reach the vendor as text.
	const deliveryArgument = v.pipe(
		described("Any JSON value, in which a text that begins with `{` is a reference.", jsonValue),
		v.metadata({
			pattern: /^(?:|[^{][\s\S]*|\{[a-z][A-Za-z0-9]{0,63}\??\})$/.source,
			items: { $ref: "#/$defs/DeliveryArgument" },
			additionalProperties: { $ref: "#/$defs/DeliveryArgument" },
		}),
	);

	const deliverySetting = described(
		"A value that the page gives. It is public, never a secret.",
		v.strictObject({
			description: described("What it is, for the person who has to find it.", text),
			kind: optional(
				"`element`: an element of the page, in which the widget appears. `elementId`: the id of one. `object`: an object of the vendor's SDK. Default: `text`.",
				oneOf(["text", "element", "elementId", "object"]),
			),
		}),
	);

	const deliveryScript = described(
		"A vendor's script tag.",
		v.strictObject({
			src: described(
				"An address with `https:`, or a reference to a setting.",
				matching(/^(?:https:\/\/\S+|\{(?!(?:token|resolver|callback)\??\})[a-z][A-Za-z0-9]{0,63}\??\})$/),
			),
			attributes: optional(
				"Further attributes by name: text, a reference to a setting, or true for one without a value.",
				recordOf(
					attributeNamePattern,
					v.union(
						[v.literal(true), v.pipe(text, v.regex(/^(?:[^{][\s\S]*|\{(?!(?:token|resolver|callback)\??\})[a-z][A-Za-z0-9]{0,63}\??\})$/))],
						"is neither true nor text nor a reference to a setting",
					),
				),
			),
			tokenAttribute: optional(
				"The attribute that carries the token. It is taken from the page once the script has read it.",
				attributeName,
			),
		}),
	);

	const deliveryCall = described(
		"A call of one of the widget's functions. It waits until the function is there.",
		v.strictObject({
			on: described(
				"The object that the function is a method of: a global variable such as `BestChatBot`, `window`, or the name of a setting.",
				globalName,
			),
			call: described("The name of the function.", globalName),
			with: optional("The arguments. Default: none.", v.array(deliveryArgument, "is not an array")),
		}),
	);

	function calls(description: string) {
		return optional(description, v.pipe(v.array(deliveryCall, "is not an array"), v.minLength(1, "is empty")));
	}

	const deliveryEmbed = v.pipe(
		described(
			"One way of embedding a widget. The script is inserted once there is a token, or once it is known that there is none and the widget is `anonymous`; a widget that has only `start` asks for the token itself and is started at once.",
			v.strictObject({
				script: optional("The vendor's script. Without it the page brings its own.", deliveryScript),
				start: calls("Starts the widget without a token."),
				deliver: calls("Gives the widget a token. Without it, `script.tokenAttribute` does."),
				clear: calls("Takes the user from the widget. Without it, the widget keeps its user for as long as the page lives."),
				refresh: optional("Whether `deliver` may be done again with a newer token of the same user. Default: false.", flag),
				anonymous: optional("Whether the widget is shown to a visitor who is not signed in. Default: false.", flag),
			}),
		),
		v.check(
			({ script, deliver, start }) => script?.tokenAttribute !== undefined || deliver !== undefined || start !== undefined,
			"has no way to give a token",
		),
		v.metadata({
			anyOf: [
				{ required: ["deliver"] },
				{ required: ["start"] },
				{ required: ["script"], properties: { script: { required: ["tokenAttribute"] } } },
			],
		}),
	);

	const deliveryEndpoint = described(
		"The token endpoint as the vendor documents it, for a widget or a sample that calls it by itself.",
		v.strictObject({
			method: described("How it is asked.", oneOf(["GET", "POST"])),
			path: optional("The path that the vendor's samples use.", matching(/^\/\S*$/)),
			response: described(
				"The bare token, or a JSON object with the token in one member.",
				v.variant(
					"format",
					[
						v.strictObject({ format: described("The bare token.", v.literal("text")) }),
						v.strictObject({
							format: described("A JSON object.", v.literal("json")),
							member: described("The member with the token.", text),
						}),
					],
					"is not one of: text, json",
				),
			),
		}),
	);

	const delivery = described(
		"How a widget gets its token in the browser, as data that `mountWidget` and `widgetScript` of `@widget-token/client` carry out.",
		v.strictObject({
			settings: optional(
				"What the page gives next to the token, by name.",
				recordOf(/^(?!(?:token|resolver|callback)$)[a-z][A-Za-z0-9]{0,63}$/, deliverySetting),
			),
			embeds: described(
				"The ways of embedding the widget by name; `default` is used when none is named.",
				recordOf(settingName, deliveryEmbed, ["default"]),
			),
			endpoint: v.exactOptional(deliveryEndpoint),
		}),
	);

	return {
		schema: delivery,
		parts: {
			DeliveryArgument: deliveryArgument,
			DeliverySetting: deliverySetting,
			DeliveryScript: deliveryScript,
			DeliveryCall: deliveryCall,
			DeliveryEmbed: deliveryEmbed,
			DeliveryEndpoint: deliveryEndpoint,
			Delivery: delivery,
		},
	};
}

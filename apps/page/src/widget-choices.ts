import { type BrowserContract, bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets/browser";

/** One way to embed one of the five widgets. */
export interface WidgetChoice {
	readonly name: string;
	/** The name of the embed, where there are several. */
	readonly variant?: string;
	readonly contract: BrowserContract;
	readonly embed: string;
	/** What the visitor does, and what happens then. */
	readonly hint: string;
	/** The page's values for the widget, as the vendor's dashboard gives them. */
	readonly settings: Readonly<Record<string, string>>;
	/** The vendor's script at the sandbox. */
	readonly src: string;
	/** Whether the page loads the script by itself, as some embeds expect. */
	readonly isOwnScript: boolean;
	/** What the page calls once its own script is there. */
	readonly ownCall?: { readonly on: string; readonly call: string; readonly with: Readonly<Record<string, string>> };
}

type Draft = Pick<WidgetChoice, "name" | "contract" | "hint"> &
	Partial<Pick<WidgetChoice, "variant" | "embed" | "settings" | "isOwnScript" | "ownCall">> & { readonly path: string };

const hilalIds = { organizationId: "org_1", botId: "bot_1" };
const customGptIds = { projectId: "1", projectKey: "key-from-the-dashboard" };
const liveChat = {
	name: "CustomGPT.ai",
	contract: customGpt,
	path: "/customgpt/js/chat.js",
	settings: customGptIds,
	isOwnScript: true,
	ownCall: { on: "CustomGPT", call: "init", with: { p_id: "1", p_key: "key-from-the-dashboard" } },
	hint: "The page has called CustomGPT.init before anybody is known. The token is asked for when the chat opens.",
} as const;

const drafts: readonly Draft[] = [
	{
		name: "OnPilot",
		contract: onPilot,
		path: "/onpilot/embed.js",
		hint: "There is no chat before somebody signs in. The token is an attribute of the script tag, so another user needs a new page.",
	},
	{
		name: "BestChatBot",
		contract: bestChatBot,
		path: "/bestchatbot/widget/v1/chat.js",
		settings: { apiKey: "key-from-the-dashboard" },
		hint: "The page sets the token, replaces it before it expires, and takes it away on sign-out.",
	},
	{
		name: "Hilal Chatbot",
		variant: "HilalChat.init",
		contract: hilal,
		path: "/hilal/chat_v3.js",
		settings: hilalIds,
		hint: "HilalChat.init gets the token once, so another user needs a new page.",
	},
	{
		name: "Hilal Chatbot",
		variant: "Script tag",
		contract: hilal,
		embed: "attribute",
		path: "/hilal/chat_v3.js",
		settings: hilalIds,
		hint: "The script reads its tag once: whoever signs in on this page is known when it is loaded anew.",
	},
	{
		name: "Jupid Embed",
		contract: jupid,
		path: "/jupid/embed.js",
		settings: { partnerId: "partner_1", initialPath: "/invoices" },
		hint: "The partner’s app is mounted into the page for a signed-in user, and taken out on sign-out.",
	},
	{
		name: "CustomGPT.ai",
		variant: "Embedded",
		contract: customGpt,
		path: "/customgpt/js/embed.js",
		settings: { ...customGptIds, containerId: "widget" },
		hint: "The chat is a part of the page. Another user needs a new page.",
	},
	{
		name: "CustomGPT.ai",
		variant: "Live Chat",
		contract: customGpt,
		embed: "liveChat",
		path: "/customgpt/js/chat.js",
		settings: customGptIds,
		hint: "Open the chat: only then does it ask the page for a token.",
	},
	{ ...liveChat, variant: "Live Chat, later", embed: "liveChatLater" },
	{ ...liveChat, variant: "Live Chat, by its helper", embed: "liveChatHelper" },
	{
		name: "CustomGPT.ai",
		variant: "AI Assistant",
		contract: customGpt,
		embed: "aiAssistant",
		path: "/customgpt/ai-assistant.js",
		isOwnScript: true,
		hint: "The page brings the script; CustomGPTAiAssistant.setJwtToken gets the token.",
	},
	{
		name: "CustomGPT.ai",
		variant: "Instant Viewer",
		contract: customGpt,
		embed: "instantViewer",
		path: "/customgpt/instant-viewer.js",
		isOwnScript: true,
		hint: "The page brings the script; CustomGPTInstantViewer.setJwtToken gets the token.",
	},
];

/** The ways to embed the five widgets, with the scripts of the sandbox at `sandboxUrl`. */
function listChoices(sandboxUrl: string): readonly WidgetChoice[] {
	return drafts.map(({ path, settings = {}, embed = "default", isOwnScript = false, ...draft }) => {
		const src = new URL(path, sandboxUrl).href;
		const addresses = draft.contract === jupid ? { scriptUrl: src, appUrl: new URL("/jupid", sandboxUrl).href } : {};
		return { ...draft, embed, isOwnScript, src, settings: { ...settings, ...addresses } };
	});
}

/** The choice that a page's address names; BestChatBot when it names none. */
export function readWidgetChoice(
	sandboxUrl: string,
	{ widget = "bestchatbot", embed = "default" }: Readonly<Record<string, string | undefined>>,
): WidgetChoice {
	const choices = listChoices(sandboxUrl);
	const found = choices.find((choice) => choice.contract.id === widget && choice.embed === embed) ?? choices[1];
	if (found === undefined) throw new Error("There are no widgets to choose from");
	return found;
}

/** A link to the page with another widget, or with another embed of the same one. */
export interface ChoiceLink {
	readonly text: string;
	readonly href: string;
	readonly isChosen: boolean;
}

/** The five widgets, and the embeds of the chosen one when it has several. */
export function listChoiceLinks(
	chosen: WidgetChoice,
	sandboxUrl: string,
): { readonly widgets: ChoiceLink[]; readonly embeds: ChoiceLink[] } {
	const choices = listChoices(sandboxUrl);
	const isSameWidget = ({ contract }: WidgetChoice): boolean => contract === chosen.contract;
	return {
		widgets: choices
			.filter(({ embed }) => embed === "default")
			.map((choice) => ({ text: choice.name, href: choiceQuery(choice), isChosen: isSameWidget(choice) })),
		embeds: choices
			.filter((choice) => isSameWidget(choice) && choice.variant !== undefined)
			.map((choice) => ({ text: choice.variant ?? "", href: choiceQuery(choice), isChosen: choice.embed === chosen.embed })),
	};
}

/** The address of a choice, below the page's own. */
export function choiceQuery({ contract: { id }, embed }: WidgetChoice): string {
	return `?widget=${id}${embed === "default" ? "" : `&embed=${embed}`}`;
}

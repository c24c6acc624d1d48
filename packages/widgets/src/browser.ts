export { bestChatBot } from "./browser/bestchatbot.ts";
export type { BrowserContract } from "./browser/contract.ts";
export { customGpt, customGptAiAssistant, customGptEmbed, customGptInstantViewer, customGptLiveChat } from "./browser/customgpt.ts";
export { hilal } from "./browser/hilal.ts";
export { jupid } from "./browser/jupid.ts";
export { onPilot } from "./browser/onpilot.ts";

export { bestChatBot } from "./bestchatbot.ts";
export { customGpt } from "./customgpt.ts";
export { hilal } from "./hilal.ts";
export { jupid } from "./jupid.ts";
export { onPilot } from "./onpilot.ts";

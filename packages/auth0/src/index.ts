export { type Auth0IdentifyOptions, type Auth0Session, type Auth0SessionReader, createAuth0Identify } from "./identify.ts";
export { type Auth0WidgetTokenOptions, withAuth0WidgetToken } from "./next.ts";
export type { Auth0SessionRules } from "./session-rules.ts";

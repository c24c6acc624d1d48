export type { DeliveryCall, DeliveryEmbed, WidgetContract, WidgetSettings } from "./contract.ts";
export { type MountEvent, type MountedWidget, type MountOptions, mountWidget } from "./mount-widget.ts";
export { TokenSessionError, type TokenSessionErrorCode } from "./session-error.ts";
export type { GetTokenOptions, TokenSession, TokenSessionEvent, TokenSessionOptions, TokenState } from "./session-state.ts";
export type { TokenRequestOptions } from "./token-request.ts";
export { createTokenSession } from "./token-session.ts";
export { type WidgetScriptOptions, widgetScript } from "./widget-script.ts";

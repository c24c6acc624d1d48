export type { DeliveryCall, DeliveryEmbed, WidgetContract, WidgetSettings } from "./contract.ts";
export { type MountEvent, type MountedWidget, type MountOptions, mountWidget } from "./mount-widget.ts";
export { TokenSessionError, type TokenSessionErrorCode } from "./session-error.ts";
export type { TokenRequestOptions } from "./token-request.ts";
export {
	createTokenSession,
	type GetTokenOptions,
	type TokenSession,
	type TokenSessionEvent,
	type TokenSessionOptions,
	type TokenState,
} from "./token-session.ts";
export { type WidgetScriptOptions, widgetScript } from "./widget-script.ts";

export { createClock } from "./clock.ts";
export { type Environment, isProduction, publicPrefix, readVariable, runtimeEnvironment } from "./environment.ts";
export { type ErrorCode, type ErrorDescription, errorCodes } from "./error-codes.ts";
export { WidgetTokenError, type WidgetTokenErrorOptions } from "./errors.ts";
export { callNow, callWithin, callWithSignal, readMember, runDetached, toWidgetTokenError } from "./guard.ts";
export { isSameJson } from "./json.ts";
export { isInherited, withoutPrototype } from "./own-members.ts";
export { type Awaitable, isPromise } from "./promise.ts";

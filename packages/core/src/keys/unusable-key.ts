import { WidgetTokenError } from "../base/index.ts";

/** The error for a secret that cannot be the key it should be: `secret_invalid`. */
export function unusableKey(where: string, problem: string, cause?: unknown): WidgetTokenError {
	return new WidgetTokenError("secret_invalid", { detail: `${where} ${problem}`, ...(cause === undefined ? {} : { cause }) });
}

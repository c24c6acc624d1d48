export { type SupabaseWidgetTokenOptions, withSupabaseWidgetToken } from "./edge-function.ts";
export { createSupabaseIdentify, type SupabaseIdentifyOptions, type SupabaseMode, type SupabaseUser } from "./identify.ts";
export type { SupabaseProjectOptions } from "./project.ts";

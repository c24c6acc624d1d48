import { goLiteral as literal } from "../literals.ts";
import { goExported, goUnexported } from "../naming.ts";
import type { PlannedClaim } from "../plan.ts";
import type { PlannedInput, PlannedSetting } from "../planned-value.ts";

export function nameOf(input: PlannedInput): string {
	return goExported(input.words);
}

export function fieldOf(setting: PlannedSetting): string {
	return goUnexported(setting.words);
}

export function keyCode({ name, nameSetting }: PlannedClaim): string {
	return nameSetting ? `s.${fieldOf(nameSetting)}` : literal(name);
}

/** The local variable that holds a claim's text as it is sent. */
export function sentOf(claim: PlannedClaim): string {
	const local = localOf(claim);
	return claim.value.from === "text" && claim.value.lowercase ? `lower${local.charAt(0).toUpperCase()}${local.slice(1)}` : local;
}

/** The local variable that holds a claim's text or role. */
export function localOf({ value }: PlannedClaim): string {
	if (value.from === "role") return `role${value.helper?.[2] ?? ""}`;
	if (value.from !== "text") return "";
	if (value.input.field === "email" && !value.fallback) return "verifiedEmail";
	return goUnexported([...value.input.words, ...(value.fallback ? ["or", ...value.fallback.words] : [])]);
}

import { identityLimits } from "@widget-token/core";
import { bracedHex, classOf, hidden, refusals, separatorsAndMarks, usesLowercase, usesReader } from "../exact-text.ts";
import type { RecipePlan } from "../plan.ts";
import type { Lines } from "../source.ts";

/** The functions that read what stands for somebody. */
export function textLines(plan: RecipePlan): Lines {
	const refuse = (reader: keyof typeof refusals): string => `return "", fmt.Errorf("%w: ${refusals[reader]}", ErrIdentity)`;
	return [
		usesReader(plan, "identifier") && [
			"",
			`var unusable = regexp.MustCompile(\`^[\\pZ\\x{feff}]|[\\pZ\\x{feff}]$|[\\p{Cc}${classOf(separatorsAndMarks, bracedHex)}]\`)`,
			"",
			"// identifier returns what stands for somebody as it is: trimmed or composed, two users could become one.",
			"func identifier(text string, limit int) (string, error) {",
			"\tif !utf8.ValidString(text) || len(utf16.Encode([]rune(text))) > limit || unusable.MatchString(text) {",
			`\t\t${refuse("identifier")}`,
			"\t}",
			"\treturn text, nil",
			"}",
		],
		usesReader(plan, "address") && [
			"",
			`var addressForm = regexp.MustCompile(\`^[^@]+@[^@]+$\`)`,
			`var invisible = regexp.MustCompile(\`[\\pZ\\p{Cf}${classOf(hidden, bracedHex)}]\`)`,
			"",
			"// address returns a verified email address as it is, in which nothing may be invisible; empty when there is none.",
			"func address(given string, isVerified bool) (string, error) {",
			'\tif !isVerified || given == "" {',
			'\t\treturn "", nil',
			"\t}",
			`\ttext, err := identifier(given, ${identityLimits.email})`,
			"\tif err != nil || !addressForm.MatchString(text) || invisible.MatchString(text) {",
			`\t\t${refuse("address")}`,
			"\t}",
			"\treturn text, nil",
			"}",
		],
		usesLowercase(plan) && [
			"",
			"// lowercase refuses a capital that its small letter does not lead back to: it could be that of another user.",
			"func lowercase(text string) (string, error) {",
			"\tfor _, letter := range text {",
			"\t\tsmall := unicode.ToLower(letter)",
			"\t\tif small != letter && (unicode.ToUpper(small) != letter || unicode.IsTitle(letter) || letter == 0x3a3) {",
			`\t\t\t${refuse("lowercase")}`,
			"\t\t}",
			"\t}",
			"\treturn strings.ToLower(text), nil",
			"}",
		],
	];
}

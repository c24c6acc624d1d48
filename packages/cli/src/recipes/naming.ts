/** The words of a name in any style: `payloadType`, `user_id`, `x-ably-capability`, `https://example.com/roles`. */
export function wordsOf(name: string): string[] {
	const words = name
		.replace(/^https?:\/\//, "")
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.split(/[^A-Za-z0-9]+/)
		.filter((word) => word !== "")
		.map((word) => word.toLowerCase());
	return words.length === 0 || /^[0-9]/.test(words[0] as string) ? ["claim", ...words] : words;
}

export function camelCase(words: readonly string[]): string {
	return words.map((word, index) => (index === 0 ? word : capitalize(word))).join("");
}

export function pascalCase(words: readonly string[]): string {
	return words.map(capitalize).join("");
}

export function snakeCase(words: readonly string[]): string {
	return words.join("_");
}

// What Go's linters want in capitals (the list of initialisms of golint and revive).
const initialisms = new Set([
	"api",
	"html",
	"http",
	"https",
	"id",
	"ip",
	"json",
	"jwt",
	"sql",
	"ssh",
	"uid",
	"uri",
	"url",
	"utf8",
	"uuid",
	"xml",
]);

/** Go's exported style, with initialisms in capitals. */
export function goExported(words: readonly string[]): string {
	return words.map((word) => (initialisms.has(word) ? word.toUpperCase() : capitalize(word))).join("");
}

/** Go's unexported style. */
export function goUnexported(words: readonly string[]): string {
	return (words[0] ?? "") + goExported(words.slice(1));
}

function capitalize(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}

// Keywords and built-in names of any of the languages, and what the recipes themselves call things.
const reserved = new Set(
	[
		"abstract alias and any array as assert async await begin bool boolean break byte callable case catch chan class clone close const continue copy",
		"debugger declare def default defer defined del delete die do double echo elif else elsif empty end ensure enum env error eval except exit export extends",
		"fallthrough false final finally float fn for foreach from func function global go goto id if implements import in include instanceof insteadof int",
		"interface is isset iterable let lambda len list make map match mixed module namespace never new next nil none nonlocal not null object open or",
		"package parent pass print private protected public raise range readonly redo require rescue resource retry return self static string struct super",
		"switch test then this throw trait true try type typeof undef unless unset until use using var void when while with xor yield",
		"attributes claims email header issued issuedat jwt key lifetime lifetimeseconds message name now null payloadjson required rolenames s sign",
		"each err hash issuer names pem role roles secret signer value values now",
		"signingkey text time token user userid uuid variable verifiedemail os hmac hashlib json base64 strings errors fmt",
	].flatMap((names) => names.split(" ")),
);

/** Words that make a free name for a free-form claim: not a keyword, and not one that is taken. */
export function freeWords(name: string, taken: readonly (readonly string[])[]): string[] {
	const words = wordsOf(name);
	const isTaken = (candidate: readonly string[]): boolean =>
		taken.some((other) => camelCase(other).toLowerCase() === camelCase(candidate).toLowerCase());
	if (reserved.has(camelCase(words).toLowerCase())) words.push("claim");
	for (let number = 2, base = [...words]; isTaken(words); number++) words.splice(0, words.length, ...base, String(number));
	return words;
}

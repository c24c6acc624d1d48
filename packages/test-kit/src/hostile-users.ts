/** A user whom a careless endpoint takes for another. */
export interface HostileUser {
	readonly id: string;
	readonly email: string;
}

// Texts that differ in what is easily trimmed, composed, folded or overlooked.
const acceptedIds = ["ada", "Ada", "a da", "zo\u00eb", "zoe\u0308", "ada\u200b", "\u212aate", "Kate", "kate", "\ufb01", "fi", "1", "01"];
const refusedIds = [
	" ada",
	"ada ",
	"\u00a0ada",
	"ada\u00a0",
	"ada\u3000",
	"ada\ufeff",
	"\tada",
	"ada\n",
	"ada\u0000",
	"ada\u202e",
	"ada\u0085",
];

const acceptedAddresses = [
	"kate@example.com",
	"zo\u00eb@example.com",
	"zoe\u0308@example.com",
	"\u0131da@example.com",
	"\u017fam@example.com",
];
const refusedAddresses = [
	" kate@example.com",
	"kate@example.com ",
	"kate@example.com\u00a0",
	"ka te@example.com",
	"ka\u200bte@example.com",
	"ka\u00adte@example.com",
	"\ufeffkate@example.com",
	"kate@exam\u2060ple.com",
	"kate\ufe0f@example.com",
	"ka\u202ete@example.com",
	"kate\u0000@example.com",
	"kate\u{e0061}@example.com",
];
const foldedAddresses = ["\u212aate@example.com", "\u0130da@example.com", "\u03a3am@example.com"];

/** Users who are hostile by one of their texts, with what becomes of them. */
export interface HostileGroup {
	readonly name: string;
	readonly by: keyof HostileUser;
	readonly users: readonly HostileUser[];
	/** At a widget that takes the address as it is. */
	readonly exact: "token" | "identity_invalid";
	/** At a widget that takes the address in lower case. */
	readonly lowercase: "token" | "identity_invalid";
}

const withIds = (ids: readonly string[], prefix: string): HostileUser[] =>
	ids.map((id, index) => ({ id, email: `${prefix}-${index}@example.com` }));
const withAddresses = (addresses: readonly string[], prefix: string): HostileUser[] =>
	addresses.map((email, index) => ({ id: `${prefix}-${index}`, email }));

/** Every hostile user, by what has to become of them. */
export const hostileGroups: readonly HostileGroup[] = [
	{ name: "an id that is signed as it is", by: "id", users: withIds(acceptedIds, "signed"), exact: "token", lowercase: "token" },
	{
		name: "an id that is refused",
		by: "id",
		users: withIds(refusedIds, "refused"),
		exact: "identity_invalid",
		lowercase: "identity_invalid",
	},
	{
		name: "an address that is signed as it is",
		by: "email",
		users: withAddresses(acceptedAddresses, "signed"),
		exact: "token",
		lowercase: "token",
	},
	{
		name: "an address that is refused",
		by: "email",
		users: withAddresses(refusedAddresses, "refused"),
		exact: "identity_invalid",
		lowercase: "identity_invalid",
	},
	{
		name: "an address that is refused in lower case",
		by: "email",
		users: withAddresses(foldedAddresses, "folded"),
		exact: "token",
		lowercase: "identity_invalid",
	},
];

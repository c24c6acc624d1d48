/** A choice with what it was seen by. */
export interface Seen<Id extends string> {
	readonly id: Id;
	readonly because: string;
}

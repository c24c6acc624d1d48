/** What a session tells the sessions of other tabs; never a token. */
export interface TabEvent {
	/** Another user is present, the user has left, or the app's own session has ended. */
	readonly type: "identify" | "signed_out" | "end";
	/** The key of that user; empty while none is named. */
	readonly user: string;
}

/**
 * Tells the app's other tabs who is signed in here, null for nobody, and calls `onChange` when another tab says otherwise: then
 * the server has to be asked, for either tab can be the one that is behind. Returns what ends it.
 */
export function followUser(user: string | null, onChange: () => void): () => void {
	const channel = new BroadcastChannel("app-user");
	channel.onmessage = ({ data }) => {
		if (data !== user) onChange();
	};
	channel.postMessage(user);
	return () => channel.close();
}

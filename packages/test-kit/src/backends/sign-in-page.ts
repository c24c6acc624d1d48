/** A user as the page offers them. */
export interface OfferedUser {
	/** What the form sends. */
	readonly value: string;
	readonly name: string;
	/** What is special about them, such as an address that is not verified. */
	readonly note?: string | undefined;
}

/** The form of a local provider's sign-in page. */
export interface SignInForm {
	readonly provider: string;
	readonly method: "get" | "post";
	readonly action: string;
	/** The name of the field that holds the chosen user's value. */
	readonly field: string;
	readonly hidden?: Iterable<readonly [name: string, value: string]>;
	readonly users: readonly OfferedUser[];
}

/** One button for each user, where a hosted provider asks for an address and a password. */
export function renderSignInPage({ provider, method, action, field, hidden = [], users }: SignInForm): string {
	const fields = [...hidden].map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`);
	const items = users.map(({ value, name, note }, index) => {
		const described = note === undefined ? "" : ` aria-describedby="note-${index}"`;
		const button = `<button name="${field}" value="${escapeHtml(value)}"${described}>${escapeHtml(name)}</button>`;
		return `<li>${button}${note === undefined ? "" : ` <span id="note-${index}">${escapeHtml(note)}</span>`}</li>`;
	});
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · ${provider}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<p>${provider}, on this machine</p>
<h1>Sign in as</h1>
<form method="${method}" action="${escapeHtml(action)}">${fields.join("")}<ul>${items.join("")}</ul></form>
</main>
</body>
</html>
`;
}

const style = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; padding: 1rem; }
main { max-width: 24rem; margin: 10vh auto 0; padding: 1.25rem; border: 1px solid #8888; border-radius: 0.75rem; }
h1 { margin: 0 0 0.75rem; font-size: 1.4rem; }
p { margin: 0; }
ul { display: grid; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
li { display: flex; gap: 0.75rem; align-items: center; }
button { flex: none; min-width: 7rem; min-height: 2.5rem; font: inherit; }`;

function escapeHtml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

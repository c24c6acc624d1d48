import { type ChoiceLink, listChoiceLinks, type WidgetChoice } from "./widget-choices.ts";

/** A user whom the page offers to sign in as; an app of yours asks for an address and a password instead. */
export interface DemoUser {
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

/** What the buttons of the user's card do. */
export interface UserActions {
	signIn(user: DemoUser): Promise<unknown>;
	signOut(): Promise<unknown>;
}

/** Fills the card `#user`: who is signed in, and the buttons to become somebody else. */
export function showUser(name: string | null, users: readonly DemoUser[], { signIn, signOut }: UserActions): void {
	const status = find("#user-status");
	const problem = find("#user-problem");
	const act = (text: string, action: () => Promise<unknown>, isMain: boolean): HTMLButtonElement =>
		button(
			text,
			async () => {
				problem.textContent = "";
				try {
					await action();
				} catch (error) {
					problem.textContent = `“${text}” did not work: ${error instanceof Error ? error.message : String(error)}`;
				}
			},
			isMain,
		);
	if (name === null) status.textContent = "Nobody is signed in.";
	else status.replaceChildren("Signed in as ", element("strong", name), ".");
	const wanted = takeWantedUser(users);
	if (wanted !== undefined && wanted.name !== name) act(`Sign in as ${wanted.name}`, () => signIn(wanted), true).click();
	const buttons = users
		.filter((user) => user.name !== name)
		.map((user) => act(name === null ? `Sign in as ${user.name}` : `Switch to ${user.name}`, () => signIn(user), name === null));
	find("#user-actions").replaceChildren(...buttons, ...(name === null ? [] : [act("Sign out", signOut, false)]));
}

/** The user whom a link of the demo's hub wants to be signed in, by `#sign-in=<name>`; once. */
function takeWantedUser(users: readonly DemoUser[]): DemoUser | undefined {
	const wanted = new URLSearchParams(location.hash.slice(1)).get("sign-in");
	if (wanted !== null) history.replaceState(null, "", location.pathname + location.search);
	return users.find(({ name }) => name === wanted);
}

/** Fills the card `#choices`: links to the page with each of the widgets. */
export function showChoices(chosen: WidgetChoice, sandboxUrl: string): void {
	find("#choice-hint").textContent = chosen.hint;
	const { widgets, embeds } = listChoiceLinks(chosen, sandboxUrl);
	find("#choice-links").replaceChildren(...widgets.map(listItem));
	const embedLinks = find("#embed-links");
	embedLinks.replaceChildren(...embeds.map(listItem));
	embedLinks.toggleAttribute("hidden", embeds.length === 0);
}

function listItem({ text, href, isChosen }: ChoiceLink): HTMLLIElement {
	const link = Object.assign(element("a", text), { href });
	if (isChosen) link.setAttribute("aria-current", "page");
	const item = document.createElement("li");
	item.append(link);
	return item;
}

function button(text: string, onClick: () => Promise<void>, isMain: boolean): HTMLButtonElement {
	const made = Object.assign(element("button", text), { type: "button", className: isMain ? "button main" : "button" });
	made.addEventListener("click", () => void onClick());
	return made;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, text: string): HTMLElementTagNameMap[K] {
	return Object.assign(document.createElement(tag), { textContent: text });
}

function find(selector: string): Element {
	const found = document.querySelector(selector);
	if (found === null) throw new Error(`The page has no ${selector}`);
	return found;
}

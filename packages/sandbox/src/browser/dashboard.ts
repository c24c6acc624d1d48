// Keeps the list of verifications live, and copies.
const list = document.getElementById("verification-list");
const live = document.getElementById("live");

const events = new EventSource("/events");
events.addEventListener("verification", ({ data }: MessageEvent<string>) => {
	// The sandbox's own markup, in which every value is escaped.
	const template = document.createElement("template");
	template.innerHTML = data;
	const item = template.content.firstElementChild;
	if (item === null || list === null || live === null) return;
	list.prepend(item);
	const words = [...(item.querySelector("summary")?.children ?? [])].map(({ textContent }) => textContent);
	live.textContent = `New: ${words.join(", ")}`;
});

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
	button.hidden = navigator.clipboard === undefined;
	button.addEventListener("click", async () => {
		const text = document.getElementById(button.dataset.copy ?? "")?.textContent ?? "";
		const label = button.textContent;
		button.textContent = await navigator.clipboard.writeText(text).then(
			() => "Copied",
			() => "Copying was refused",
		);
		setTimeout(() => {
			button.textContent = label;
		}, 2000);
	});
}

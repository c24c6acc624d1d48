import { type Cell, describeLifetime } from "./cells.ts";
import { collectFailures } from "./failures.ts";
import { refusalNames } from "./providers/provider.ts";
import { collectRemarks, describeCode, type RefusalCell } from "./refusals.ts";
import type { Progress, Stage } from "./run.ts";
import { vendorIds, vendorPages } from "./vendor-pages.ts";

/** The hub as a page; it asks for its state every second. */
export function renderHub(nonce: string, state: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The demo · widget-token</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main class="wide">
<h1>Four auth providers, five widgets</h1>
<p class="quiet">Each app has its provider on this machine. Sign in, choose a widget, and see who the vendor takes the visitor for.</p>
<div id="state">${state}</div>
</main>
<script nonce="${nonce}">
const place = document.getElementById("state");
let shown = place.innerHTML;
setInterval(async () => {
	const response = await fetch("/state").catch(() => null);
	const text = response?.ok ? await response.text() : '<p class="bad" role="status">The demo has ended. Start it again with <code>npm run demo</code>.</p>';
	if (text !== shown) place.innerHTML = shown = text;
}, 1000);
</script>
</body>
</html>
`;
}

/** What there is to see so far. */
export function renderState(progress: readonly Progress[], { sandbox }: Stage): string {
	return `<section class="card" aria-labelledby="apps-title">
<h2 id="apps-title">The apps</h2>
<ul class="apps">${progress.map(renderApp).join("")}</ul>
</section>
<section class="card" aria-labelledby="sandbox-title">
<h2 id="sandbox-title">The sandbox</h2>
<p>It plays the vendors: their scripts, their verification, and the answer to why a visitor is anonymous.</p>
<ul class="choices"><li>${sandbox === undefined ? pending("not started yet") : link(sandbox.address, "The vendors’ dashboard")}</li></ul>
</section>
${renderFailures(progress)}
${renderTable("Tokens", "How long each is valid, checked by the rules of each vendor’s page", [
	["", ...vendorIds.map((id) => vendorPages[id].name)],
	...progress.map(({ provider, cells }) => [
		provider.name,
		...vendorIds.map((id) => renderCell(cells?.find(({ widget }) => widget === id))),
	]),
])}
${renderTable(
	"No token",
	"The answer where there must be none",
	[
		["", ...progress.map(({ provider }) => provider.name)],
		...refusalNames.map((name) => [
			name,
			...progress.map(({ refusals }) => renderRefusal(refusals?.find(({ refusal }) => refusal === name))),
		]),
	],
	renderRemarks(progress),
)}`;
}

function renderApp({ provider, running, step, error }: Progress): string {
	const state = error === undefined ? (step ?? `${provider.name}: waiting`) : `${provider.name}: not started`;
	const name = escapeHtml(provider.name);
	const actions =
		running === undefined
			? pending(state)
			: `<a class="button main" href="${escapeHtml(running.signInAddress)}">Sign in as Ada<span class="unseen"> with ${name}</span></a>
<a class="button" href="${escapeHtml(running.address)}">Open the app<span class="unseen"> with ${name}</span></a>`;
	return `<li><h3>${name}</h3><p class="quiet"><code>${escapeHtml(provider.app)}</code></p><div class="actions">${actions}</div></li>`;
}

/** What the marks in the table of refusals mean, in the words of the terminal. */
function renderRemarks(progress: readonly Progress[]): string {
	const remarks = collectRemarks(
		progress.map(({ provider }) => provider),
		progress.flatMap(({ refusals = [] }) => refusals),
	);
	if (remarks.length === 0) return "";
	const items = remarks.map(
		({ mark, reason, providers }) => `<li><strong>${mark}</strong> <span>${escapeHtml(`${providers.join(", ")}: ${reason}`)}</span></li>`,
	);
	return `<ul class="remarks quiet">${items.join("")}</ul>`;
}

/** What is wrong, and what was expected; nothing while all is right. */
function renderFailures(progress: readonly Progress[]): string {
	const failures = collectFailures(
		progress.map(({ provider }) => provider),
		progress.flatMap(({ cells = [] }) => cells),
		progress.flatMap(({ refusals = [] }) => refusals),
	);
	if (failures.length === 0) return "";
	const items = failures.map(({ provider, what, findings }) => {
		const reasons = findings.map(
			({ about, expected, got }) => `<dd>${escapeHtml(about)}: expected ${escapeHtml(expected)}, got <code>${escapeHtml(got)}</code></dd>`,
		);
		return `<dt>${escapeHtml(`${provider.name}, ${what}`)}</dt>${reasons.join("")}`;
	});
	return `<section class="card" aria-labelledby="failures">
<h2 id="failures" class="bad">What is wrong</h2>
<dl>${items.join("")}</dl>
</section>`;
}

function pending(text: string): string {
	return `<span class="pending">${escapeHtml(text)}</span>`;
}

function link(address: string, text: string): string {
	return `<a href="${escapeHtml(address)}">${escapeHtml(text)}</a>`;
}

function renderTable(title: string, about: string, rows: readonly (readonly string[])[], remarks = ""): string {
	const id = title.toLowerCase().replaceAll(" ", "-");
	const [head = [], ...body] = rows;
	const heads = head.map((text) => (text === "" ? "<td></td>" : `<th scope="col">${text}</th>`)).join("");
	const lines = body.map(
		([name = "", ...cells]) => `<tr><th scope="row">${name}</th>${cells.map((text) => `<td>${text}</td>`).join("")}</tr>`,
	);
	return `<section class="card" aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<p class="quiet">${about}.</p>
<p class="scroll-hint quiet" aria-hidden="true">Scroll sideways to see every column →</p>
<div class="scroll" role="group" aria-labelledby="${id}" tabindex="0"><table><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table></div>
${remarks}</section>`;
}

function renderCell(cell: Cell | undefined): string {
	if (cell === undefined) return `<span class="quiet">…</span>`;
	const [finding] = cell.findings;
	return finding === undefined ? good(describeLifetime(cell)) : bad(escapeHtml(finding.about));
}

function renderRefusal(cell: RefusalCell | undefined): string {
	if (cell === undefined) return `<span class="quiet">…</span>`;
	if (cell.notApplicable !== null) return `<span class="quiet">n/a</span>`;
	const answer = `${cell.status ?? "no answer"}${cell.remark === null ? "" : " *"} <code>${escapeHtml(describeCode(cell.code ?? ""))}</code>`;
	return cell.findings.length === 0 ? good(answer) : bad(answer);
}

const good = (html: string): string => `<span class="good">✓</span> ${html}`;
const bad = (html: string): string => `<span class="bad">✗</span> ${html}`;

function escapeHtml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

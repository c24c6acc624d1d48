/** A secret in one of the forms that a build may have given it. */
export interface Needle {
	readonly bytes: Buffer;
	/** The form in words. */
	readonly form: string;
}

// Shorter ones are found by chance.
const shortestNeedle = 12;

/**
 * The forms in which a secret may stand in a file: as it is, JSON-escaped (also within JSON, as in a source map), base64
 * and base64url at any offset, percent-encoded, hexadecimal.
 *
 * A PEM file is found by a line of its key: whatever becomes of its line breaks, the line stays.
 */
export function createNeedles(secret: string): readonly Needle[] {
	const text = secret;
	const line = findKeyLine(text);
	const forms: (readonly [form: string, text: string])[] = [
		["as text", line ?? text],
		["JSON-escaped", JSON.stringify(text).slice(1, -1)],
		["JSON-escaped twice", JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)],
		["percent-encoded", encodeURIComponent(text)],
		["in hexadecimal", Buffer.from(text).toString("hex")],
		...base64Forms(Buffer.from(text)),
		...(line === undefined ? [] : base64Forms(Buffer.from(line))),
		// The bytes that the digits stand for.
		...(/^(?:[0-9a-f]{2}){16,}$/i.test(text) ? base64Forms(Buffer.from(text, "hex")) : []),
	];
	const known = new Set<string>();
	return forms.flatMap(([form, each]) => {
		if (each.length < shortestNeedle || known.has(each)) return [];
		known.add(each);
		return [{ bytes: Buffer.from(each), form }];
	});
}

function findKeyLine(text: string): string | undefined {
	if (!text.includes("-----BEGIN ")) return undefined;
	const lines = text.split(/\\r|\\n|[\r\n]/).filter((line) => /^[\w+/=]{32,}$/.test(line));
	// The first lines are the same for all keys of a kind.
	return lines[Math.floor(lines.length / 2)];
}

// Within a longer text, the same bytes have three encodings: by where among three bytes they begin. The ends depend on the neighbours.
function base64Forms(bytes: Buffer): (readonly [form: string, text: string])[] {
	return [0, 1, 2].flatMap((offset) => {
		const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
		const text = padded.toString("base64").replace(/=+$/, "");
		const inner = text.slice(offset === 0 ? 0 : offset + 1, Math.floor((padded.length * 8) / 6));
		return [["in base64", inner] as const, ["in base64url", inner.replaceAll("+", "-").replaceAll("/", "_")] as const];
	});
}

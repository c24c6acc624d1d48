/** Reads a body to its end; undefined when it is longer, and then no further than to the limit. */
export async function readAtMost(
	body: ReadableStream<Uint8Array> | null,
	maximumBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	const bytes = new Uint8Array(maximumBytes);
	let length = 0;
	if (body === null) return bytes.subarray(0, 0);
	const reader = body.getReader();
	for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
		if (length + chunk.value.byteLength > maximumBytes) {
			await reader.cancel();
			return undefined;
		}
		bytes.set(chunk.value, length);
		length += chunk.value.byteLength;
	}
	return bytes.subarray(0, length);
}

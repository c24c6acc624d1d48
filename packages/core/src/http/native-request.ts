/**
 * The host's own request behind a web request, which the app's middleware writes on; undefined where the host is not Node.
 *
 * By shape, since only the file of a host may import its adapter (srvx, `ServerRequest.runtime`).
 */
export function readNativeRequest(request: Request): unknown {
	return (request as { readonly runtime?: { readonly node?: { readonly req?: unknown } } }).runtime?.node?.req;
}

const loopback = /^(?:https?:\/\/)?(?:(?:[\w-]+\.)*localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0)(?=[:/]|$)/i;

/** Whether an address or a host name is this machine's own. */
export function isLoopback(address: string): boolean {
	return loopback.test(address);
}

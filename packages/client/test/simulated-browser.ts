import { afterEach, beforeEach, vi } from "vitest";

interface Timer {
	readonly due: number;
	readonly run: () => void;
}

const realImmediate = setImmediate;
const realRandom = Math.random;

/** Lets everything happen that needs no time. */
export const settle = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));

/**
 * The parts of a browser that a token session lives on, with a clock that only moves when it is told to.
 *
 * Time is in milliseconds. The monotonic clock and the wall clock start at different points and can be moved apart.
 */
export class SimulatedBrowser {
	monotonic: number = 5000;
	wall: number = Date.UTC(2026, 0, 1);
	readonly timers: Map<number, Timer> = new Map();
	/** The listeners by event, as they are registered now. */
	readonly listeners: Map<string, Set<(event: object) => void>> = new Map();
	readonly channels: Set<SimulatedChannel> = new Set();
	/** What the pages told each other. */
	readonly messages: unknown[] = [];
	/** How a message travels; at once, unless a test delays it. */
	deliver = (arrive: () => void): void => arrive();
	random: number = 0.5;
	#timer = 0;

	install(): void {
		const browser = this;
		vi.stubGlobal("performance", { now: () => browser.monotonic });
		vi.stubGlobal(
			"Date",
			class extends Date {
				static override now = (): number => browser.wall;
			},
		);
		vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => {
			browser.timers.set(++browser.#timer, { due: browser.monotonic + Math.max(0, ms), run });
			return browser.#timer;
		});
		vi.stubGlobal("clearTimeout", (id: number) => browser.timers.delete(id));
		vi.stubGlobal("document", {});
		vi.stubGlobal("addEventListener", (type: string, listener: (event: object) => void, { signal }: { signal?: AbortSignal } = {}) => {
			const registered = browser.listeners.get(type) ?? new Set();
			browser.listeners.set(type, registered.add(listener));
			signal?.addEventListener("abort", () => registered.delete(listener));
		});
		vi.stubGlobal(
			"BroadcastChannel",
			class extends SimulatedChannel {
				constructor(name: string) {
					super(browser, name);
				}
			},
		);
		// No spy: one keeps every call, and a property makes millions.
		Math.random = () => browser.random;
	}

	uninstall(): void {
		vi.unstubAllGlobals();
		Math.random = realRandom;
	}

	/** Forgets everything, for the next run of a property. */
	reset(): void {
		this.monotonic = 5000;
		this.wall = Date.UTC(2026, 0, 1);
		this.timers.clear();
		this.listeners.clear();
		this.channels.clear();
		this.messages.length = 0;
	}

	/** Milliseconds pass, on the monotonic and the wall clock; timers run when they are due. */
	async pass(ms: number): Promise<void> {
		const end = this.monotonic + ms;
		for (;;) {
			await settle();
			const next = [...this.timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due)[0];
			if (next === undefined) break;
			const [id, { due, run }] = next;
			this.timers.delete(id);
			const step = Math.max(0, due - this.monotonic);
			this.monotonic += step;
			this.wall += step;
			run();
		}
		this.wall += end - this.monotonic;
		this.monotonic = end;
		await settle();
	}

	/** The machine sleeps: the wall clock goes on, no timer runs, and the monotonic clock stands still where browsers let it. */
	sleep(ms: number, { isMonotonicFrozen = true }: { readonly isMonotonicFrozen?: boolean } = {}): void {
		this.wall += ms;
		if (!isMonotonicFrozen) this.monotonic += ms;
	}

	dispatch(type: string, event: object = {}): void {
		for (const listener of [...(this.listeners.get(type) ?? [])]) listener({ type, ...event });
	}

	/** How much of the browser is in use. */
	get leftovers(): { readonly timers: number; readonly listeners: number; readonly channels: number } {
		const listeners = [...this.listeners.values()].reduce((sum, { size }) => sum + size, 0);
		return { timers: this.timers.size, listeners, channels: this.channels.size };
	}
}

class SimulatedChannel {
	onmessage: ((event: { data: unknown }) => void) | null = null;
	readonly browser: SimulatedBrowser;
	readonly name: string;

	constructor(browser: SimulatedBrowser, name: string) {
		this.browser = browser;
		this.name = name;
		browser.channels.add(this);
	}

	postMessage(message: unknown): void {
		if (!this.browser.channels.has(this)) throw new Error("the channel is closed");
		const data = structuredClone(message);
		this.browser.messages.push(data);
		for (const other of this.browser.channels) {
			if (other !== this && other.name === this.name)
				this.browser.deliver(() => this.browser.channels.has(other) && other.onmessage?.({ data }));
		}
	}

	close(): void {
		this.browser.channels.delete(this);
	}
}

/** A simulated browser for each test of the file. */
export function simulateBrowser(): () => SimulatedBrowser {
	let browser: SimulatedBrowser;
	beforeEach(() => {
		browser = new SimulatedBrowser();
		browser.install();
	});
	afterEach(() => browser.uninstall());
	return () => browser;
}

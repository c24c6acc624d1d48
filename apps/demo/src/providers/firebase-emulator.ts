import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FirebaseEmulator } from "@widget-token/test-kit/backends/firebase";

const methods = ["signUp", "signIn", "signInAnonymously", "verifyEmail", "update", "fail", "restore"] as const;

export type EmulatorMethod = (typeof methods)[number];

/** A call of the emulator in its thread, and what comes back. */
export interface EmulatorCall {
	readonly id: number;
	readonly method: EmulatorMethod;
	readonly args: readonly unknown[];
}
export type EmulatorReply = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string });

/** The part of the emulator that the demo uses. */
export type EmulatorInThread = Pick<FirebaseEmulator, EmulatorMethod | "projectId" | "host" | "close">;

/** Starts the test kit's Auth emulator in a thread. */
export async function startEmulatorInThread(): Promise<EmulatorInThread> {
	const thread = new Worker(new URL("firebase-thread.ts", import.meta.url), { stdout: true, stderr: true });
	const [address] = (await once(thread, "message")) as [{ readonly projectId: string; readonly host: string }];
	const waiting = new Map<number, (reply: EmulatorReply) => void>();
	thread.on("message", (reply: EmulatorReply) => {
		waiting.get(reply.id)?.(reply);
		waiting.delete(reply.id);
	});

	let calls = 0;
	async function call(method: EmulatorMethod, args: readonly unknown[]): Promise<unknown> {
		const id = ++calls;
		const reply = await new Promise<EmulatorReply>((resolve) => {
			waiting.set(id, resolve);
			thread.postMessage({ id, method, args } satisfies EmulatorCall);
		});
		if ("error" in reply) throw new Error(reply.error);
		return reply.result;
	}

	const remote = Object.fromEntries(methods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]));
	return {
		...address,
		...(remote as unknown as Pick<FirebaseEmulator, EmulatorMethod>),
		close: async () => void (await thread.terminate()),
	};
}

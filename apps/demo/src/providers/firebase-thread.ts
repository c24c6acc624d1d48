// The emulator takes several seconds of computing to start: in a thread of its own, the display goes on meanwhile.
import { parentPort } from "node:worker_threads";
import { startFirebaseEmulator } from "@widget-token/test-kit/backends/firebase";
import type { EmulatorCall, EmulatorMethod, EmulatorReply } from "./firebase-emulator.ts";

const emulator = await startFirebaseEmulator();
const methods = emulator as unknown as Readonly<Record<EmulatorMethod, (...args: readonly unknown[]) => Promise<unknown>>>;

parentPort?.on("message", ({ id, method, args }: EmulatorCall) => {
	const reply = (message: EmulatorReply): void => parentPort?.postMessage(message);
	methods[method](...args).then(
		(result) => reply({ id, result }),
		(error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
	);
});
parentPort?.postMessage({ projectId: emulator.projectId, host: emulator.host });

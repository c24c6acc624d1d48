export type { PageAddress } from "./delivery.ts";
export type { ListeningSandbox, ListenOptions } from "./listen.ts";
export { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";

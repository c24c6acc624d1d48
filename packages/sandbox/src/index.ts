export { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
export type { ListeningSandbox, ListenOptions } from "./listen.ts";

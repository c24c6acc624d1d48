import { defineConfig } from "tsdown";

export default defineConfig({ entry: ["src/index.ts", "src/browser.ts"], platform: "neutral", dts: true, hash: false });

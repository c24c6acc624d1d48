export type { CustomClaim, CustomClaims } from "./custom-claims.ts";
export { createMint, type Mint, type MintedToken, maximumTokenBytes } from "./mint.ts";
export type { MintOptions, Role } from "./mint-options.ts";

export { checkAsymmetricKey } from "./asymmetric-key.ts";
export { isList, type KeyObjectLike, type RemoteSigner, Secret, type SecretSource, type Secrets, type SecretValue } from "./secret.ts";
export type { TextSigner } from "./signing.ts";
export { createSigningKeySource } from "./signing-key.ts";
export { unusableKey } from "./unusable-key.ts";
export { createPublicVerifyingKey, importVerifyingKey, type VerifyingKey } from "./verifying-key.ts";

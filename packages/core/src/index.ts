export { type Algorithm, type AlgorithmRule, algorithms } from "./algorithms.ts";
export type {
	ClaimRule,
	ConstantClaimRule,
	Contract,
	CustomClaimRule,
	Delivery,
	DeliveryArgument,
	DeliveryCall,
	DeliveryEmbed,
	DeliveryEndpoint,
	DeliveryScript,
	DeliverySetting,
	GeneratedClaimRule,
	HmacContract,
	IdentityClaimRule,
	JsonValue,
	JwtContract,
	KeyEncoding,
	KeyRule,
	LifetimeRule,
	RoleClaimRule,
	SettingClaimRule,
	SettingRule,
} from "./contract.ts";
export type { CustomClaim, CustomClaims } from "./custom-claims.ts";
export { defineContract } from "./define-contract.ts";
export type { Environment } from "./environment.ts";
export { type ErrorCode, type ErrorDescription, errorCodes } from "./error-codes.ts";
export { WidgetTokenError, type WidgetTokenErrorOptions } from "./errors.ts";
export type { OnEvent, TokenEvent } from "./event.ts";
export { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "./handler.ts";
export {
	type Identify,
	type IdentifyContext,
	type Identity,
	type IdentityField,
	type IdentityOrganization,
	identityLimits,
} from "./identity.ts";
export { createMint, type Mint, type MintedToken, maximumTokenBytes } from "./mint.ts";
export type { MintOptions, Role } from "./mint-options.ts";
export type { RateLimiter } from "./rate.ts";
export { sealContract } from "./sealed-contract.ts";
export {
	type KeyObjectLike,
	type RemoteSigner,
	Secret,
	type SecretSource,
	type Secrets,
	type SecretValue,
} from "./secret.ts";

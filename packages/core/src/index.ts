export {
	type Environment,
	type ErrorCode,
	type ErrorDescription,
	errorCodes,
	WidgetTokenError,
	type WidgetTokenErrorOptions,
} from "./base/index.ts";
export {
	type Algorithm,
	type AlgorithmRule,
	algorithms,
	type ClaimRule,
	type ConstantClaimRule,
	type Contract,
	type CustomClaimRule,
	type Delivery,
	type DeliveryArgument,
	type DeliveryCall,
	type DeliveryEmbed,
	type DeliveryEndpoint,
	type DeliveryScript,
	type DeliverySetting,
	defineContract,
	type GeneratedClaimRule,
	type HmacContract,
	type IdentityClaimRule,
	type JsonValue,
	type JwtContract,
	type KeyEncoding,
	type KeyRule,
	type LifetimeRule,
	type RoleClaimRule,
	type SettingClaimRule,
	type SettingRule,
	sealContract,
} from "./contract/index.ts";
export { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "./endpoint/index.ts";
export type { OnEvent, RateLimiter, TokenEvent } from "./http/index.ts";
export {
	type Identify,
	type IdentifyContext,
	type Identity,
	type IdentityField,
	type IdentityOrganization,
	identityLimits,
} from "./identity/index.ts";
export { type KeyObjectLike, type RemoteSigner, Secret, type SecretSource, type Secrets, type SecretValue } from "./keys/index.ts";
export {
	type CustomClaim,
	type CustomClaims,
	createMint,
	type Mint,
	type MintedToken,
	type MintOptions,
	maximumTokenBytes,
	type Role,
} from "./mint/index.ts";

export { type Algorithm, type AlgorithmRule, algorithms, describeKeyFor, isKeyFor, isSymmetric } from "./algorithms.ts";
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
export { defineContract } from "./define-contract.ts";
export { requireSealed, sealContract } from "./sealed-contract.ts";
export { readSetting, readSettings, type Settings } from "./settings.ts";

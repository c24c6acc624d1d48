export { applyEmailPolicy, checkVerifiedEmail, type EmailPolicy, hasEmail, readPlainEmail, readSendableText } from "./email-policy.ts";
export {
	checkIdentity,
	type Identify,
	type IdentifyContext,
	type Identity,
	type IdentityField,
	type IdentityOrganization,
	identityLimits,
	isSignedAsIs,
	readPlainText,
} from "./identity.ts";
export { toLowercase } from "./lowercase.ts";
export { checkFreeText, findTextProblem, invalidText, readExactText } from "./text.ts";

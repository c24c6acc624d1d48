export { describeError, emit, logFailures, type OnEvent, type TokenEvent } from "./event.ts";
export { logFailure } from "./failure-log.ts";
export { readNativeRequest } from "./native-request.ts";
export { type AllowedOrigins, checkSite, corsHeaders, preflightHeaders, readAllowedOrigins } from "./origin.ts";
export { checkRate, type RateLimiter } from "./rate-limiter.ts";
export { negotiate, preflightReply, problemReply, protectiveHeaders, type Reply, tokenReply, toResponse } from "./response.ts";

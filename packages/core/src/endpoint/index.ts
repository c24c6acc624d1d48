export { createTokenHandler, replyOf, type TokenHandler, type TokenHandlerOptions } from "./handler.ts";

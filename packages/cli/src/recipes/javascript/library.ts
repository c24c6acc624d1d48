/** `jsonwebtoken` for Node.js; `jose` for every runtime, with the variables handed over. */
export type JavascriptLibrary = "jsonwebtoken" | "jose";

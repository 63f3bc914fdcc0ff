/** The contract of back ends, under the name that it had. */
export * from "./backend/mod.ts";

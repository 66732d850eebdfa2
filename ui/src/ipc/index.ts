export type * from "./bindings";
export { call, type Call, type Command } from "./call";
export { onProgress } from "./events";
export { done, failed, type Result } from "./result";

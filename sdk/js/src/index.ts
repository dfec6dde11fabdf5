export { Butter, Butter as default, type ButterStatic } from "./butter.js";
export type { Clock } from "./clock.js";
export { type ErrorDetails, type ErrorKind, LarderError } from "./errors.js";
export type { CallOptions, HookConfig, Options, Stale } from "./settings.js";
export { memoryStore, type Store } from "./store.js";

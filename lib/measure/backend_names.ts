/** What there is to choose from in a comparison. */
export const BACKENDS = ["reference", "wasm", "webgpu"] as const;
export type BackendName = typeof BACKENDS[number];

/**
 * Takes the place of lib/edge/export/templates.ts in the package, which has no bundler: the templates were bundled when it was
 * packed (lib/pack/prebuilt.ts). The modules that they are in are made then.
 */
const PREDICTORS = {
  image: () => import("./prebuilt_image.js"),
  table: () => import("./prebuilt_table.js"),
};

export const predictorTemplate = async (kind) => (await PREDICTORS[kind]()).default;

export const moduleTemplate = async () => (await import("./prebuilt_module.js")).default;

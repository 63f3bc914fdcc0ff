/**
 * What `export --format module` bundles: one model with its kernels, as functions. In JavaScript, because the model's text is
 * made by lib/edge/export/module.ts, and so are the types. Nothing is compiled before it is asked for.
 */
import { decodeBase64 } from "../bytes/base64.ts";
import model from "./model_text.js";
import { ModelPredictor } from "./model_predictor.ts";
import { decodePackedModel } from "./packed_model.ts";
import { compilePredictorKernels } from "./predictor_module.ts";
import { valuesOf } from "./row_values.ts";

let made;

function predictor() {
  made ??= compilePredictorKernels().then((kernels) =>
    new ModelPredictor(kernels, decodePackedModel(decodeBase64(model).buffer))
  );
  return made;
}

/** Raw rows of a table are encoded by those who predict from them; a column may be called "length". */
function numbersOf(rows, input) {
  const isRaw = Array.isArray(rows) && typeof rows[0] === "object" && rows[0] !== null &&
    !Array.isArray(rows[0]) && !ArrayBuffer.isView(rows[0]);
  return isRaw ? rows : valuesOf(rows, input);
}

export async function predict(rows) {
  const own = await predictor();
  return own.predict(numbersOf(rows, own.input));
}

export async function outputs(rows) {
  const own = await predictor();
  return own.outputs(numbersOf(rows, own.input));
}

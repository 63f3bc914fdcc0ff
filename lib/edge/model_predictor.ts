/** A predictor as a library offers it: rows in, answers by name out; without training's kernels. */

import { encode, type RawRows } from "../dataset/preprocessing/encode.ts";
import { UsageError, WeftError } from "../errors.ts";
import { type Answer, answerOf } from "./answer.ts";
import type { EdgeTask, PackedModel } from "./packed_model.ts";
import { Predictor, type PredictorInput } from "./predictor.ts";

/** Rows as a predictor takes them. */
export type PredictorRows = Uint8Array | Float32Array | RawRows;

/** One model, ready to predict: its weights are packed, and a prediction allocates its answers alone. */
export class ModelPredictor {
  /** What a row must be. */
  readonly input: PredictorInput;
  /** What the model has learned. */
  readonly task: EdgeTask;
  /** Of binary tasks those of no and yes, of regression none. */
  readonly classNames: readonly string[];
  readonly #predictor: Predictor;

  /**
   * @internal Made by `createPredictor`, and by modules that `export --format module` writes.
   * @param kernels the build `predictor` or `predictor_strict`
   */
  constructor(kernels: WebAssembly.Module, model: WebAssembly.Module | PackedModel) {
    this.#predictor = new Predictor(kernels, model);
    this.input = this.#predictor.input;
    this.task = this.#predictor.answers.task;
    this.classNames = this.#predictor.classNames;
  }

  /**
   * What the model says of each row.
   *
   * @param values N x I bytes (0 to 255) or float32 features, row-major; I is `input.inputs`; of a model that was trained on a
   * table also raw rows: objects, or a table
   * @throws {UsageError} where they are of another type
   * @throws {WeftError} where they are not whole rows, or a sum in the network is beyond float32
   */
  predict(values: PredictorRows): Answer[] {
    return this.outputs(values).map((row) => answerOf(this.#predictor, row));
  }

  /**
   * What the network gives for each row: of classification the probability of every class, of binary tasks that of yes, of
   * multi-label tasks one a label, of regression standardized targets.
   *
   * @param values as for `predict`
   * @throws {UsageError} as `predict`
   * @throws {WeftError} as `predict`
   */
  outputs(values: PredictorRows): Float32Array[] {
    return this.#outputsOf(this.#encoded(values));
  }

  #encoded(rows: PredictorRows): Uint8Array | Float32Array {
    const { preprocessing } = this.#predictor;
    const isRaw = preprocessing && typeof rows === "object" && rows !== null &&
      !ArrayBuffer.isView(rows);
    return isRaw ? encode(preprocessing, rows).values : rows as Uint8Array | Float32Array;
  }

  #outputsOf(values: Uint8Array | Float32Array): Float32Array[] {
    const { element = "uint8", inputs } = this.input;
    const wanted = element === "uint8" ? "Uint8Array" : "Float32Array";
    // By its tag: an array may come from another frame of the page.
    if (Object.prototype.toString.call(values) !== `[object ${wanted}]`) {
      throw new UsageError(
        `Cannot predict: the rows are no ${wanted}; give one with ${inputs} values a row`,
      );
    }
    const rows = values.length / inputs;
    if (!Number.isInteger(rows) || rows < 1) {
      throw new WeftError(
        `Cannot predict from ${values.length} values: a row has ${inputs}, and there must be one at least`,
      );
    }
    const given = this.#predictor.predict(values);
    const outputs = given.length / rows;
    const wrong = given.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new WeftError(
        `Cannot use the model on row ${
          Math.floor(wrong / outputs)
        }: its outputs are not finite, because a feature ` +
          "is not or sums in the network are beyond float32; check the row, or train a network with smaller weights",
      );
    }
    return Array.from({ length: rows }, (_, i) => given.slice(i * outputs, (i + 1) * outputs));
  }
}

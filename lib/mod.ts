/**
 * Weft as a library: train, evaluate and use multilayer perceptrons on data in memory, without any permission.
 *
 * @example
 * ```ts
 * import { evaluate, predictProbabilities, train } from "./mod.ts";
 *
 * // Two classes of 2 x 2 images: bright above, bright below.
 * const rows = 40;
 * const labels = Uint8Array.from({ length: rows }, (_, i) => i % 2);
 * const pixels = Uint8Array.from({ length: rows * 4 }, (_, i) => labels[i >> 2] === (i >> 1) % 2 ? 200 : 20);
 * const images = { rows, height: 2, width: 2, pixels, labels };
 *
 * for await (
 *   const event of train({
 *     train: images,
 *     classNames: ["above", "below"],
 *     config: { hidden: [8], activation: "tanh", batchSize: 8, epochs: 30 },
 *   })
 * ) {
 *   if (event.type === "epoch") console.log(event.epoch, event.validationLoss);
 *   if (event.type === "end" && event.model) {
 *     const { accuracy } = await evaluate(event.model, images);
 *     const [[above]] = await predictProbabilities(event.model, new Uint8Array([255, 255, 0, 0]));
 *     if (accuracy < 1 || above < 0.9) throw new Error("not learned");
 *   }
 * }
 * ```
 *
 * @module
 */
export type { Backend, BackendDescription } from "./backend/mod.ts";
export {
  type AdapterDescription,
  type BackendOptions,
  createBackend,
  kernelsToImport,
  listAdapters,
} from "./backends/mod.ts";
export type { ClassWeights } from "./config/kinds.ts";
export type { TrainConfig } from "./config/options.ts";
export { PRESETS } from "./config/presets.ts";
export { resolveConfig } from "./config/resolve.ts";
export type { Dataset, LabeledImages } from "./dataset/dataset.ts";
export { type ArrayFeatures, arrayFeatures } from "./dataset/array_features.ts";
export {
  type ArrayDataset,
  arrayDataset,
  type ArrayOptions,
  arrayTable,
} from "./dataset/array_dataset.ts";
export type { ArrayTarget } from "./dataset/array_target.ts";
export type { ByteSource } from "./dataset/formats/byte_source.ts";
export { type CsvOptions, readCsv } from "./dataset/formats/csv.ts";
export { type JsonLinesOptions, readJsonLines } from "./dataset/formats/json_lines.ts";
export { readIdx } from "./dataset/formats/idx_array.ts";
export {
  type DType,
  type NdArray,
  type NdTexts,
  type NdValues,
  readNpy,
  readNpyLabels,
} from "./dataset/formats/npy.ts";
export { Npz, readNpz } from "./dataset/formats/npz.ts";
export { type ColumnRoles, planColumns } from "./dataset/preprocessing/column_plan.ts";
export { encode, type Encoded, type RawRows } from "./dataset/preprocessing/encode.ts";
export { fitPreprocessing } from "./dataset/preprocessing/fit.ts";
export { type EncodingNotes, noteLines } from "./dataset/preprocessing/notes.ts";
export type {
  ColumnChoices,
  ColumnFacts,
  ColumnPlan,
  ColumnRole,
  Impute,
  PlannedColumn,
} from "./dataset/preprocessing/planned_columns.ts";
export {
  type CategoryInput,
  featureNames,
  type InputColumn,
  type NumberInput,
  type Preprocessing,
  type RowWindow,
  type TargetColumns,
  type VectorInput,
} from "./dataset/preprocessing/preprocessing.ts";
export type { Split } from "./dataset/split.ts";
export { foldRows, type SplitOptions, splitRows } from "./dataset/split_rows.ts";
export {
  datasetOf,
  type DatasetOptions,
  pickRows,
  type TableDataset,
} from "./dataset/table_dataset.ts";
export type { ImageSource, PixelReader } from "./dataset/image_source.ts";
export type {
  Column,
  NumberColumn,
  Numbers,
  Table,
  TextColumn,
  VectorColumn,
} from "./dataset/table.ts";
export {
  imagesOfTable,
  type PixelColumns,
  pixelColumns,
  pixelsOf,
  type TableImages,
} from "./dataset/table_images.ts";
export { splitWindows, type WindowSplitOptions } from "./dataset/windows/split_windows.ts";
export {
  fitWindows,
  type WindowParts,
  windowParts,
  type WindowPartsOptions,
  type WindowSamples,
  windowSamples,
} from "./dataset/windows/window_samples.ts";
export {
  pickWindows,
  type WindowDataset,
  type WindowOptions,
  windowsOf,
} from "./dataset/windows/windows.ts";
export type {
  LabeledFeatures,
  SampleData,
  TargetedFeatures,
  TargetedImages,
  Targets,
  TaskName,
} from "./dataset/samples.ts";
export { DeviceError, UsageError, WeftError } from "./errors.ts";
export { encodeOnnx } from "./interchange/onnx.ts";
export type { Model } from "./model/model.ts";
export { decodeModel, encodeModel } from "./model/model_file.ts";
export type { Architecture, LayerSequence, Perceptron } from "./nn/architecture.ts";
export type { LayerParameters } from "./nn/tensors.ts";
export type {
  CheckpointEvent,
  EndEvent,
  EpochEvent,
  FallbackEvent,
  ProgressEvent,
  ResumeEvent,
  StartEvent,
  StopReason,
  TrainEvent,
} from "./train/events.ts";
export {
  evaluate,
  type Evaluation,
  type FullEvaluation,
  type InferenceOptions,
  predict,
  predictProbabilities,
} from "./train/inference.ts";
export { networkOptionsOf } from "./train/continue_from.ts";
export type { PredictRows } from "./train/model_rows.ts";
export type { CheckpointInterval, TrainOptions } from "./train/options.ts";
export type { ProbabilityMetrics } from "./task/metrics/probability_metrics.ts";
export type { TrainingState } from "./train/checkpoint/state.ts";
export { decodeState, encodeState } from "./train/checkpoint/state_file.ts";
export { TASKS } from "./task/mod.ts";
export type { Metric, Metrics } from "./task/task.ts";
export { type Slice, type SliceSize, train, Trainer } from "./train/trainer.ts";
export type * from "./types.ts";

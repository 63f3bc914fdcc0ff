/** Types that the library's own are made of: nobody has to name them, and documentation must. */
export type { ActivationKind, ACTIVATIONS } from "./backend/activations.ts";
export type { Device, GemmOptions, Kernels } from "./backend/backend.ts";
export type { ConvolutionShape } from "./backend/convolution.ts";
export type { Distance, DISTANCES } from "./backend/distances.ts";
export type { ImageKernels } from "./backend/image_kernels.ts";
export type { TableKernels } from "./backend/kernels.ts";
export type { LossKernels } from "./backend/loss_kernels.ts";
export type {
  BufferTypes,
  ByteMatrix,
  ElementsOf,
  Matrix,
  Placed,
  RowIndices,
} from "./backend/matrices.ts";
export type { UpdateNumbers, UpdateRule, UPDATES } from "./backend/updates.ts";
export type { Simd } from "./backends/wasm/kernels.ts";
export type { OPTIONS } from "./config/options.ts";
export type { Preset, PRESET_DIFFERENCES } from "./config/presets.ts";
export type {
  Element,
  FeatureReader,
  Features,
  FeatureSource,
  KnownClasses,
  Targeted,
  TASK_NAMES,
} from "./dataset/samples.ts";
export type { UnknownName, UnknownValues } from "./dataset/preprocessing/notes.ts";
export type { IMPUTES } from "./dataset/preprocessing/planned_columns.ts";
export type { ModelInput, ModelTargets } from "./model/model.ts";
export type { Activation } from "./nn/activations.ts";
export type { Shape } from "./nn/layer.ts";
export type { Tensors, Values } from "./nn/tensors.ts";
export type { Mt19937State } from "./random/mt19937.ts";
export type { NumpyRandomStateData } from "./random/numpy_random_state.ts";
export type { ClassMetrics, ConfusionMatrix } from "./task/metrics/metrics.ts";
export type { Details, TargetPredictions, Task } from "./task/task.ts";
export type { BestEpoch, EpochValidation } from "./train/best_epoch.ts";
export type { Beginning, Phase, PHASES, PhasesMs } from "./train/events.ts";
export type { DataIdentity, RunIdentity, TrainingProgress } from "./train/checkpoint/state.ts";
export type { NoteTaker, PredictRows } from "./train/model_rows.ts";
export type { ProcessGroup, SummedBlock } from "./train/process_group.ts";

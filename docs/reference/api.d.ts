// The public API, written by deno task pack:api. SHA-256 of its CHANGELOG.md: 17d1fbd96bbca68438ed4ff4c746012172b00054545bc859a04193623c811226

// .

export declare const ACTIVATIONS: {
    readonly sigmoid: {
        readonly saves: "output";
        readonly cost: 1;
        readonly gradientCost: 0.2;
    };
    readonly relu: {
        readonly saves: "output";
        readonly cost: 0.17;
        readonly gradientCost: 0.17;
    };
    readonly tanh: {
        readonly saves: "output";
        readonly cost: 1.4;
        readonly gradientCost: 0.2;
    };
    readonly "leaky-relu": {
        readonly saves: "output";
        readonly cost: 0.3;
        readonly gradientCost: 0.4;
    };
    readonly gelu: {
        readonly saves: "input";
        readonly cost: 2.2;
        readonly gradientCost: 2.4;
    };
};

export type Activation = ActivationKind;

export type ActivationKind = keyof typeof ACTIVATIONS;

export interface AdapterDescription {
    readonly name: string;
    readonly software: boolean;
    readonly vendor: string;
    readonly device: string;
    readonly timestamps: boolean;
}

export type Architecture = Perceptron | LayerSequence;

export interface ArrayDataset extends TargetedFeatures {
    readonly features: Float32Array | Uint8Array;
    readonly classNames?: readonly string[];
    readonly classCounts: readonly number[];
    readonly why: string;
    readonly notes: readonly string[];
}

export interface ArrayFeatures {
    readonly rows: number;
    readonly features: Float32Array | Uint8Array;
    readonly shape: readonly number[];
}

export interface ArrayOptions {
    readonly inputs: NdArray;
    readonly target: ArrayTarget;
    readonly task?: TaskName | "auto";
    readonly positive?: string;
    readonly names?: {
        readonly inputs?: string;
        readonly target?: string;
    };
    readonly like?: ArrayDataset;
}

export type ArrayTarget = NdArray | NdTexts | readonly (string | number | boolean | bigint)[];

export interface Backend extends Device, Kernels {
}

export interface BackendDescription {
    readonly backend: "reference" | "wasm" | "webgpu";
    readonly threads: number;
    readonly simd: "strict" | "relaxed" | null;
    readonly adapter: string | null;
    readonly refusedThreads?: string;
}

export interface BackendOptions {
    readonly backend?: "wasm" | "webgpu" | "reference" | "auto";
    readonly simd?: Simd | "auto";
    readonly threads?: number;
    readonly adapter?: string;
    readonly kernels?: WebAssembly.Module;
}

export interface Beginning {
    readonly parameters: number;
    readonly trainRows: number;
    readonly validationRows: number;
    readonly batches: number;
    readonly environment: BackendDescription;
    readonly preprocessing?: Preprocessing;
    readonly notes?: readonly string[];
}

export interface BestEpoch extends EpochValidation {
    readonly epoch: number;
}

export interface BufferTypes {
    matrix: Matrix;
    bytes: ByteMatrix;
    order: RowIndices;
}

export interface ByteMatrix extends Placed {
    readonly element: "uint8";
    readonly rows: number;
    readonly columns: number;
}

export type ByteSource = Uint8Array | string | AsyncIterable<Uint8Array>;

export interface CategoryInput {
    readonly kind: "category";
    readonly name: string;
    readonly values: readonly string[];
    readonly hole: boolean;
}

export interface CheckpointEvent {
    readonly type: "checkpoint";
    readonly epoch: number;
    readonly batch: number;
    readonly state: TrainingState;
}

export type CheckpointInterval = {
    readonly epochs: number;
} | {
    readonly seconds: number;
};

export interface ClassMetrics {
    readonly name: string;
    readonly precision: number | null;
    readonly recall: number | null;
    readonly f1: number | null;
    readonly support: number;
}

export type ClassWeights = "none" | "balanced" | readonly number[];

export type Column = NumberColumn | TextColumn | VectorColumn;

export interface ColumnChoices {
    readonly numbers?: readonly string[];
    readonly categories?: readonly string[];
    readonly ignore?: readonly string[];
    readonly asTheyAre?: readonly string[];
    readonly impute?: Impute;
}

export interface ColumnFacts {
    readonly holes: number;
    readonly distinct: number;
    readonly range: {
        readonly min: number;
        readonly median: number;
        readonly max: number;
    } | null;
    readonly values?: readonly {
        readonly value: string;
        readonly rows: number;
    }[];
    readonly notes: readonly string[];
}

export interface ColumnPlan {
    readonly columns: readonly PlannedColumn[];
    readonly impute: Impute;
}

export type ColumnRole = "input" | "target" | "weights" | "groups" | "ignored";

export interface ColumnRoles {
    readonly targets: readonly string[];
    readonly weights?: string;
    readonly groups?: string;
}

export type ConfusionMatrix = readonly (readonly number[])[];

export interface ConvolutionShape {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly kernelHeight: number;
    readonly kernelWidth: number;
    readonly stride: number;
    readonly padTop: number;
    readonly padLeft: number;
    readonly outHeight: number;
    readonly outWidth: number;
    readonly outputs: number;
    readonly groups: number;
}

export interface CsvOptions {
    readonly name?: string;
    readonly delimiter?: string;
    readonly ignore?: readonly string[];
}

export declare const DISTANCES: readonly [
    "squared",
    "huber"
];

export type DType = "bool" | "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "uint64" | "int64" | "float16" | "float32" | "float64";

export interface DataIdentity {
    readonly rows: number;
    readonly height?: number;
    readonly width?: number;
    readonly element?: Element;
    readonly shape?: readonly number[];
    readonly task?: TaskName;
    readonly classes: number;
    readonly sha256: string;
    readonly holdOut?: string;
    readonly split?: string;
    readonly from?: string;
    readonly frozen?: readonly string[];
    readonly preprocessing?: string;
}

export interface Dataset {
    readonly name: string;
    readonly train: LabeledImages;
    readonly test: LabeledImages | null;
    readonly classNames: readonly string[];
    readonly sha256: Readonly<Record<string, string>>;
}

export interface DatasetOptions {
    readonly target: string | readonly string[];
    readonly task?: TaskName | "auto";
    readonly positive?: string;
    readonly separator?: string;
    readonly columns?: ColumnChoices;
    readonly weights?: string;
    readonly groups?: string;
}

export interface Details {
    readonly confusionMatrix: ConfusionMatrix | null;
    readonly perClass: readonly ClassMetrics[] | null;
    readonly predictions: readonly TargetPredictions[] | null;
}

export interface Device extends Disposable {
    readonly description: BackendDescription;
    allocate(rows: number, columns: number): Matrix;
    allocateBytes(rows: number, columns: number): ByteMatrix;
    allocateOrder(length: number): RowIndices;
    view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M;
    write<M extends Matrix | ByteMatrix>(matrix: M, values: ElementsOf<M, ArrayBufferLike>): void;
    writeOrder(order: RowIndices, rows: Uint32Array): void;
    part?(block: Matrix, first: number, rows: number, columns: number): Matrix;
    numbersOf?(matrix: Matrix): Float32Array<ArrayBufferLike>;
    read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
    settle(): Promise<void>;
    takeDeviceMs?(): Promise<number | null>;
    release(buffer: Matrix | ByteMatrix | RowIndices): void;
}

export declare class DeviceError extends WeftError {
    name: string;
}

export type Distance = typeof DISTANCES[number];

export type Element = "uint8" | "float32";

export type ElementsOf<M extends Matrix | ByteMatrix, Memory extends ArrayBufferLike = ArrayBuffer> = M extends ByteMatrix ? Uint8Array<Memory> : Float32Array<Memory>;

export interface Encoded {
    readonly rows: number;
    readonly values: Float32Array<ArrayBuffer>;
    readonly notes: EncodingNotes;
    readonly ends?: Uint32Array;
}

export interface EncodingNotes {
    readonly missing: readonly string[];
    readonly unknownColumns: readonly UnknownName[];
    readonly unknownValues: readonly UnknownValues[];
}

export interface EndEvent extends Details {
    readonly type: "end";
    readonly environment: BackendDescription;
    readonly status: "completed" | "interrupted" | "diverged";
    readonly model: Model | null;
    readonly lastModel: Model | null;
    readonly stoppedBy: StopReason;
    readonly bestEpoch: number | null;
    readonly validationLoss: number | null;
    readonly validationAccuracy: number | null;
    readonly validation: Metrics | null;
    readonly test: Metrics | null;
    readonly threshold: number | null;
    readonly testAccuracy: number | null;
    readonly testLoss: number | null;
    readonly totalMs: number;
    readonly divergedAt: {
        readonly epoch: number;
        readonly batch: number | null;
    } | null;
}

export interface EpochEvent {
    readonly type: "epoch";
    readonly epoch: number;
    readonly trainLoss: number;
    readonly trainAccuracy: number;
    readonly validationLoss: number | null;
    readonly validationAccuracy: number | null;
    readonly train: Metrics;
    readonly validation: Metrics | null;
    readonly learningRate: number;
    readonly epochMs: number;
    readonly elapsedMs: number;
    readonly samplesPerSecond: number;
    readonly phasesMs: PhasesMs;
}

export interface EpochValidation {
    readonly loss: number;
    readonly metrics: Metrics;
}

export interface Evaluation {
    readonly loss: number;
    readonly metrics: Metrics;
}

export interface FallbackEvent {
    readonly type: "fallback";
    readonly epoch: number;
    readonly environment: BackendDescription;
    readonly error: string;
}

export type FeatureReader = (firstRow: number, rows: number) => Float32Array;

export interface FeatureSource extends Omit<Features, "features">, Targeted {
    readonly features: FeatureReader;
    readonly isAnyOrder?: boolean;
}

export interface Features {
    readonly rows: number;
    readonly features: Float32Array | Uint8Array;
    readonly shape: readonly number[];
}

export interface FullEvaluation extends Evaluation, ProbabilityMetrics {
    readonly accuracy: number;
    readonly confusionMatrix: number[][];
    readonly macroF1: number;
}

export interface GemmOptions {
    readonly transposeA?: boolean;
    readonly transposeB?: boolean;
    readonly accumulate?: boolean;
    readonly alpha?: number;
}

export declare const IMPUTES: readonly [
    "median",
    "mean",
    "zero"
];

export interface ImageKernels<T extends BufferTypes = BufferTypes> {
    channelMoments(moments: T["matrix"], x: T["matrix"], positions: number, channels: number): void;
    channelStatistics(statistics: T["matrix"], running: T["matrix"], moments: T["matrix"], images: number, positions: number, momentum: number, epsilon: number): void;
    channelNormForward(y: T["matrix"], x: T["matrix"], statistics: T["matrix"], weight: T["matrix"], bias: T["matrix"], positions: number): void;
    channelGradientSums(sums: T["matrix"], dy: T["matrix"], x: T["matrix"], statistics: T["matrix"], positions: number): void;
    channelNormGradients(dweight: T["matrix"], dbias: T["matrix"], sums: T["matrix"]): void;
    channelNormBackward(dx: T["matrix"], dy: T["matrix"], x: T["matrix"], statistics: T["matrix"], weight: T["matrix"], dweight: T["matrix"], dbias: T["matrix"], positions: number): void;
    channelNormPoolForward(y: T["matrix"], x: T["matrix"], statistics: T["matrix"], weight: T["matrix"], bias: T["matrix"], height: number, width: number): void;
    channelPoolSums(sums: T["matrix"], dy: T["matrix"], x: T["matrix"], statistics: T["matrix"], weight: T["matrix"], bias: T["matrix"], height: number, width: number): void;
    channelNormPoolBackward(dx: T["matrix"], dy: T["matrix"], x: T["matrix"], statistics: T["matrix"], weight: T["matrix"], bias: T["matrix"], dweight: T["matrix"], dbias: T["matrix"], height: number, width: number): void;
    maxPoolForward(y: T["matrix"], x: T["matrix"], height: number, width: number, channels: number, size: number): void;
    maxPoolBackward(dx: T["matrix"], dy: T["matrix"], x: T["matrix"], height: number, width: number, channels: number, size: number): void;
    averagePoolForward(y: T["matrix"], x: T["matrix"], height: number, width: number, channels: number, down: number, across: number): void;
    averagePoolBackward(dx: T["matrix"], dy: T["matrix"], height: number, width: number, channels: number, down: number, across: number): void;
}

export interface ImageSource extends Omit<LabeledImages, "pixels"> {
    readonly pixels: PixelReader;
}

export type Impute = typeof IMPUTES[number];

export interface InferenceOptions {
    readonly backend?: Backend;
    readonly onNote?: NoteTaker;
}

export type InputColumn = NumberInput | CategoryInput | VectorInput;

export interface JsonLinesOptions {
    readonly name?: string;
    readonly ignore?: readonly string[];
}

export interface Kernels<T extends BufferTypes = BufferTypes> extends TableKernels<T> {
    gemm(c: T["matrix"], a: T["matrix"] | T["bytes"], b: T["matrix"], options?: GemmOptions): void;
    convolve(y: T["matrix"], x: T["matrix"] | T["bytes"], w: T["matrix"], bias: T["matrix"] | null, shape: ConvolutionShape, alpha?: number): void;
    convolveWeightGradient(dw: T["matrix"], dbias: T["matrix"] | null, x: T["matrix"] | T["bytes"], dy: T["matrix"], shape: ConvolutionShape, alpha?: number): void;
    convolveInputGradient(dx: T["matrix"], dy: T["matrix"], w: T["matrix"], shape: ConvolutionShape): void;
    activation(kind: ActivationKind, y: T["matrix"], x: T["matrix"]): void;
    activationGradient(kind: ActivationKind, dx: T["matrix"], dy: T["matrix"], saved: T["matrix"]): void;
    update<Rule extends UpdateRule>(rule: Rule, w: T["matrix"], slots: readonly T["matrix"][], dw: T["matrix"], numbers: UpdateNumbers<Rule>, scale?: T["matrix"] | null): void;
}

export interface KnownClasses {
    readonly known?: number;
}

export interface LabeledFeatures extends Features {
    readonly labels: Uint8Array;
}

export interface LabeledImages {
    readonly rows: number;
    readonly height: number;
    readonly width: number;
    readonly pixels: Uint8Array<ArrayBuffer>;
    readonly labels: Uint8Array<ArrayBuffer>;
}

export interface LayerParameters {
    readonly weights: Values;
    readonly bias: Values;
}

export interface LayerSequence {
    readonly inputs: number;
    readonly shape: Shape;
    readonly layers: readonly string[];
    readonly outputs: number;
}

export interface LossKernels<T extends BufferTypes = BufferTypes> {
    softmaxCrossEntropy(dLogits: T["matrix"], losses: T["matrix"], logits: T["matrix"], labels: T["bytes"], order: T["order"], start: number): void;
    weightedCrossEntropy(dLogits: T["matrix"], losses: T["matrix"], logits: T["matrix"], labels: T["bytes"], order: T["order"], start: number, classWeights: T["matrix"], weightSum: T["matrix"], smoothing: number): void;
    sumClassWeights(sum: T["matrix"], classWeights: T["matrix"], labels: T["bytes"], order: T["order"], start: number, rows: number): void;
    sigmoidCrossEntropy(dLogits: T["matrix"], losses: T["matrix"], logits: T["matrix"], targets: T["bytes"], order: T["order"], start: number, positiveWeights: T["matrix"], rowWeights: T["matrix"] | null): void;
    distanceLoss(dLogits: T["matrix"], losses: T["matrix"], logits: T["matrix"], targets: T["matrix"], order: T["order"], start: number, distance: number, delta: number, rowWeights: T["matrix"] | null): void;
}

export interface Matrix extends Placed {
    readonly element: "float32";
    readonly rows: number;
    readonly columns: number;
}

export interface Metric {
    readonly name: string;
    readonly label: string;
    readonly unit: string;
    readonly higherIsBetter: boolean;
}

export type Metrics = Readonly<Record<string, number | null>>;

export interface Model {
    readonly architecture: Architecture;
    readonly parameters: readonly LayerParameters[];
    readonly height: number;
    readonly width: number;
    readonly inputScale: number;
    readonly input?: ModelInput;
    readonly task?: "classification" | "binary" | "multi-label" | "regression";
    readonly classNames: readonly string[];
    readonly targets?: ModelTargets;
    readonly threshold?: number;
    readonly preprocessing?: Preprocessing;
    readonly preset: string;
}

export interface ModelInput {
    readonly element: "uint8" | "float32";
    readonly shape: readonly number[];
}

export interface ModelTargets {
    readonly names: readonly string[];
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly huber: number;
    readonly distance?: Distance;
}

export interface Mt19937State {
    readonly key: readonly number[];
    readonly position: number;
}

export interface NdArray {
    readonly shape: readonly number[];
    readonly values: NdValues;
    readonly dtype?: DType;
}

export interface NdTexts {
    readonly shape: readonly number[];
    readonly values: readonly string[];
    readonly dtype: "text";
}

export type NdValues = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export type NoteTaker = (line: string) => void;

export declare class Npz {
    #private;
    readonly name: string;
    constructor(bytes: Uint8Array<ArrayBuffer>, name?: string);
    get names(): string[];
    read(array: string): Promise<NdArray>;
    readLabels(array: string): Promise<NdArray | NdTexts>;
}

export interface NumberColumn {
    readonly kind: "number";
    readonly name: string;
    readonly values: Numbers;
}

export interface NumberInput {
    readonly kind: "number";
    readonly name: string;
    readonly impute: number;
    readonly indicator: boolean;
    readonly mean: number;
    readonly std: number;
}

export interface Numbers {
    readonly length: number;
    at(index: number): number | undefined;
}

export interface NumpyRandomStateData extends Mt19937State {
    readonly spareNormal: number | null;
}

export declare const OPTIONS: {
    hidden: Option<readonly number[]>;
    activation: Option<Activation>;
    learningRate: Option<number>;
    batchSize: Option<number>;
    epochs: Option<number>;
    adapt: Option<readonly Adapted[]>;
    shards: Option<number>;
    l1: Option<number>;
    l2: Option<number>;
    seed: Option<number>;
    freezeOutputBias: Option<boolean>;
    initializer: Option<Initializer>;
    layers: Option<string | null>;
    optimizer: Option<OptimizerName>;
    momentum: Option<number>;
    nesterov: Option<boolean>;
    beta1: Option<number>;
    beta2: Option<number>;
    alpha: Option<number>;
    epsilon: Option<number>;
    weightDecay: Option<number>;
    clipNorm: Option<number>;
    schedule: Option<Schedule>;
    scheduleStep: Option<number>;
    scheduleFactor: Option<number>;
    pctStart: Option<number>;
    divFactor: Option<number>;
    finalDivFactor: Option<number>;
    warmup: Option<number>;
    dropout: Option<number>;
    batchNorm: Option<boolean>;
    labelSmoothing: Option<number>;
    classWeights: Option<kind.ClassWeights>;
    positiveWeight: Option<number>;
    huber: Option<number>;
    flip: Option<boolean>;
    shift: Option<number>;
    standardize: Option<boolean>;
    validation: Option<number>;
    splitSeed: Option<number>;
    monitor: Option<string>;
    threshold: Option<kind.Threshold>;
    patience: Option<number>;
    restoreBest: Option<boolean>;
};

export declare const PHASES: readonly [
    "gather",
    "forward",
    "loss",
    "backward",
    "communicate",
    "update",
    "validate"
];

export declare const PRESETS: Readonly<Record<Preset, TrainConfig>>;

export declare const PRESET_DIFFERENCES: {
    baseline: {};
    small: {
        learningRate: number;
        epochs: number;
        activation: "gelu";
        initializer: "he-normal";
        batchSize: 128;
        optimizer: "adamw";
        weightDecay: 0.1;
        schedule: "one-cycle";
        freezeOutputBias: false;
        validation: 0;
    };
    accurate: {
        hidden: number[];
        learningRate: number;
        dropout: number;
        flip: true;
        activation: "gelu";
        initializer: "he-normal";
        batchSize: 128;
        optimizer: "adamw";
        weightDecay: 0.1;
        schedule: "one-cycle";
        freezeOutputBias: false;
        validation: 0;
    };
    conv: {
        layers: string;
        epochs: number;
        activation: "relu";
        learningRate: 0.005;
        weightDecay: 0.05;
        flip: true;
        initializer: "he-normal";
        batchSize: 128;
        optimizer: "adamw";
        schedule: "one-cycle";
        freezeOutputBias: false;
        validation: 0;
    };
    "conv-accurate": {
        layers: string;
        epochs: number;
        activation: "relu";
        learningRate: 0.005;
        weightDecay: 0.05;
        flip: true;
        initializer: "he-normal";
        batchSize: 128;
        optimizer: "adamw";
        schedule: "one-cycle";
        freezeOutputBias: false;
        validation: 0;
    };
    images: {
        adapt: ("batchSize" | "epochs")[];
        flip: false;
        shift: number;
        layers: string;
        epochs: number;
        activation: "relu";
        learningRate: 0.005;
        weightDecay: 0.05;
        initializer: "he-normal";
        batchSize: 128;
        optimizer: "adamw";
        schedule: "one-cycle";
        freezeOutputBias: false;
        validation: 0;
    };
    tabular: {
        adapt: ("dropout" | "weightDecay" | "batchSize" | "epochs")[];
        hidden: number[];
        activation: "tanh";
        initializer: "lecun-normal";
        batchSize: number;
        epochs: number;
        optimizer: "adamw";
        learningRate: number;
        weightDecay: number;
        schedule: "one-cycle";
        dropout: number;
        freezeOutputBias: false;
        restoreBest: true;
    };
};

export interface Perceptron {
    readonly inputs: number;
    readonly hidden: readonly number[];
    readonly outputs: number;
    readonly activation: Activation;
}

export type Phase = typeof PHASES[number];

export type PhasesMs = Readonly<Partial<Record<Phase | "encode" | "device", number>>>;

export interface PixelColumns {
    readonly height: number;
    readonly width: number;
    readonly names: readonly string[];
    readonly others: readonly string[];
}

export type PixelReader = (firstRow: number, rows: number) => Uint8Array<ArrayBuffer>;

export interface Placed {
    readonly allocation: object;
    readonly firstRow: number;
}

export interface PlannedColumn extends ColumnFacts {
    readonly name: string;
    readonly role: ColumnRole;
    readonly kind: "number" | "category" | "vector" | "text";
    readonly why: string;
    readonly size?: number;
    readonly asTheyAre?: boolean;
}

export type PredictRows = RawRows | Uint8Array | Float32Array;

export interface Preprocessing {
    readonly columns: readonly InputColumn[];
    readonly ignored: readonly string[];
    readonly target: TargetColumns;
    readonly window?: RowWindow;
}

export type Preset = keyof typeof PRESET_DIFFERENCES;

export interface ProbabilityMetrics {
    readonly topK: Readonly<Record<string, number>>;
    readonly rocAuc: number | null;
    readonly calibrationError: number;
    readonly brier: number;
}

export interface ProcessGroup {
    readonly rank: number;
    readonly size: number;
    sum(block: SummedBlock): Promise<void> | null;
    merge(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

export interface ProgressEvent {
    readonly type: "progress";
    readonly epoch: number;
    readonly batch: number;
    readonly batches: number;
    readonly elapsedMs: number;
}

export type RawRows = Table | readonly object[];

export interface ResumeEvent extends Beginning {
    readonly type: "resume";
    readonly epoch: number;
    readonly batch: number;
}

export interface RowIndices {
    readonly length: number;
}

export interface RowWindow {
    readonly length: number;
    readonly stride: number;
    readonly groups?: string;
}

export interface RunIdentity {
    readonly config: TrainConfig;
    readonly data: DataIdentity;
    readonly computing: Pick<BackendDescription, "backend" | "simd" | "adapter">;
}

export type SampleData = LabeledImages | ImageSource | LabeledFeatures | TargetedImages | TargetedFeatures | FeatureSource;

export type Shape = readonly number[];

export type Simd = "strict" | "relaxed";

export interface Slice {
    readonly events: readonly TrainEvent[];
    readonly state: Uint8Array<ArrayBuffer> | null;
}

export interface SliceSize {
    readonly maxMs?: number;
    readonly maxBatches?: number;
}

export interface Split {
    readonly train: Uint32Array<ArrayBuffer>;
    readonly validation: Uint32Array<ArrayBuffer>;
}

export interface SplitOptions {
    readonly fraction: number;
    readonly seed: number;
    readonly last?: boolean;
}

export interface StartEvent extends Beginning {
    readonly type: "start";
}

export type StopReason = "epochs" | "patience" | "interruption" | "divergence";

export interface SummedBlock {
    readonly length: number;
    numbers(): Float32Array<ArrayBufferLike>;
    part(first: number, count: number): Matrix;
    received(): Float32Array<ArrayBufferLike>;
    receivedPart(first: number, count: number): Matrix;
    add(y: Matrix, a: Matrix, b: Matrix): void;
}

export declare const TASKS: Readonly<Record<TaskName, Task>>;

export declare const TASK_NAMES: readonly [
    "classification",
    "binary",
    "multi-label",
    "regression"
];

export interface Table {
    readonly rows: number;
    readonly columns: readonly Column[];
    readonly notes: readonly string[];
}

export interface TableDataset {
    readonly rows: number;
    readonly table: Table;
    readonly tableRows: Uint32Array;
    readonly dropped: number;
    readonly plan: ColumnPlan;
    readonly target: TargetColumns;
    readonly targets: Targets;
    readonly why: string;
    readonly classNames: readonly string[];
    readonly classCounts: readonly number[];
    readonly weights?: Float32Array;
    readonly groups?: Uint32Array;
    readonly notes: readonly string[];
}

export interface TableImages extends TargetedFeatures {
    readonly features: Uint8Array;
    readonly shape: readonly number[];
    readonly classNames?: readonly string[];
    readonly classCounts: readonly number[];
    readonly why: string;
    readonly notes: readonly string[];
}

export interface TableKernels<T extends BufferTypes = BufferTypes> extends LossKernels<T>, ImageKernels<T> {
    gather(x: T["bytes"], data: T["bytes"], order: T["order"], start: number): void;
    gatherFloats(x: T["matrix"], data: T["matrix"], order: T["order"], start: number): void;
    gatherTransformed(x: T["bytes"], data: T["bytes"], order: T["order"], start: number, sources: T["order"], key: number): void;
    add(y: T["matrix"], a: T["matrix"], b: T["matrix"], factor: number): void;
    addBias(y: T["matrix"], x: T["matrix"], bias: T["matrix"]): void;
    dropout(y: T["matrix"], x: T["matrix"], rate: number, keyA: number, keyB: number): void;
    softmax(p: T["matrix"], logits: T["matrix"]): void;
    scaleRows(y: T["matrix"], x: T["matrix"], scales: T["matrix"], order: T["order"], start: number): void;
    argmax(classes: T["matrix"], logits: T["matrix"], start: number): void;
    countCorrect(count: T["matrix"], classes: T["matrix"], labels: T["bytes"], order: T["order"]): void;
    rowSquares(sums: T["matrix"], x: T["matrix"], start: number): void;
    columnSums(sums: T["matrix"], x: T["matrix"]): void;
    batchNormForward(y: T["matrix"], statistics: T["matrix"], running: T["matrix"], x: T["matrix"], weight: T["matrix"], bias: T["matrix"], momentum: number, epsilon: number): void;
    batchNormBackward(dx: T["matrix"], dweight: T["matrix"], dbias: T["matrix"], dy: T["matrix"], x: T["matrix"], statistics: T["matrix"], weight: T["matrix"]): void;
    clipScale(scale: T["matrix"], sums: T["matrix"], maxNorm: number): void;
}

export interface TargetColumns {
    readonly names: readonly string[];
    readonly separator?: string;
}

export interface TargetPredictions {
    readonly name: string;
    readonly actual: readonly number[];
    readonly predicted: readonly number[];
}

export interface Targeted {
    readonly targets: Targets;
    readonly weights?: Float32Array;
}

export interface TargetedFeatures extends Features, Targeted {
}

export interface TargetedImages extends Omit<LabeledImages, "labels" | "pixels">, Targeted {
    readonly pixels: (LabeledImages | ImageSource)["pixels"];
}

export type Targets = ({
    readonly task: "classification";
    readonly labels: Uint8Array;
} & KnownClasses) | ({
    readonly task: "binary";
    readonly labels: Uint8Array;
} & KnownClasses) | {
    readonly task: "multi-label";
    readonly labels: Uint8Array;
    readonly missed?: Uint16Array;
} | {
    readonly task: "regression";
    readonly values: Float32Array;
    readonly names?: readonly string[];
};

export interface Task {
    readonly name: TaskName;
    readonly metrics: readonly Metric[];
    readonly head: "softmax" | "sigmoid" | "identity";
    outputs(names: number): number;
    foundColumns(outputs: number): number;
}

export type TaskName = typeof TASK_NAMES[number];

export type Tensors = ReadonlyMap<string, Values>;

export interface TextColumn {
    readonly kind: "text";
    readonly name: string;
    readonly codes: ArrayLike<number>;
    readonly texts: readonly string[];
    readonly strayText?: {
        readonly line: number;
        readonly text: string;
    };
}

export type TrainConfig = {
    readonly [Name in keyof typeof OPTIONS]: (typeof OPTIONS)[Name]["default"];
};

export type TrainEvent = StartEvent | ResumeEvent | ProgressEvent | EpochEvent | CheckpointEvent | FallbackEvent | EndEvent;

export interface TrainOptions {
    readonly train: SampleData | TableDataset;
    readonly validation?: SampleData | TableDataset | Table;
    readonly split?: {
        readonly train: Uint32Array;
        readonly validation: Uint32Array;
    };
    readonly test?: SampleData | TableDataset | Table | null;
    readonly classNames?: readonly string[];
    readonly preset?: string;
    readonly from?: Model;
    readonly freeze?: number | readonly string[];
    readonly config?: Partial<TrainConfig>;
    readonly backend?: Backend;
    readonly fallback?: () => Promise<Backend>;
    readonly signal?: AbortSignal;
    readonly resume?: TrainingState;
    readonly elapsedMs?: number;
    readonly checkpointEvery?: CheckpointInterval;
    readonly group?: ProcessGroup;
    readonly dataId?: string;
}

export declare class Trainer implements Disposable {
    #private;
    private constructor();
    static create({ state, ...options }: TrainOptions & {
        readonly state?: Uint8Array<ArrayBuffer> | null;
    }): Promise<Trainer>;
    step({ maxMs, maxBatches }?: SliceSize): Promise<Slice>;
    [Symbol.dispose](): void;
}

export interface TrainingProgress {
    readonly epoch: number;
    readonly batch: number;
    readonly random: NumpyRandomStateData;
    readonly validationLoss: number | null;
    readonly validationAccuracy: number | null;
    readonly validationMetrics?: Metrics | null;
    readonly best: BestEpoch | null;
    readonly elapsedMs: number;
    readonly epochMs: number;
}

export interface TrainingState {
    readonly identity: RunIdentity;
    readonly progress: TrainingProgress;
    readonly tensors: Tensors;
}

export declare const UPDATES: {
    readonly sgd: {
        readonly slots: {
            readonly residual: "the residual";
        };
        readonly shared: readonly [
            "learningRate"
        ];
        readonly flags: readonly [
        ];
        readonly own: readonly [
            "l1",
            "l2"
        ];
        readonly cost: 0.4;
    };
    readonly momentum: {
        readonly slots: {
            readonly velocity: "the velocity";
            readonly residual: "the residual";
        };
        readonly shared: readonly [
            "learningRate",
            "momentum"
        ];
        readonly flags: readonly [
            "nesterov"
        ];
        readonly own: readonly [
            "l1",
            "l2"
        ];
        readonly cost: 0.5;
    };
    readonly adam: {
        readonly slots: {
            readonly mean: "the mean";
            readonly square: "the mean square";
        };
        readonly shared: readonly [
            "stepSize",
            "correction",
            "rate1",
            "rate2",
            "epsilon"
        ];
        readonly flags: readonly [
        ];
        readonly own: readonly [
            "decay",
            "l1",
            "l2"
        ];
        readonly cost: 0.7;
    };
    readonly rmsprop: {
        readonly slots: {
            readonly square: "the mean square";
        };
        readonly shared: readonly [
            "learningRate",
            "rate",
            "epsilon"
        ];
        readonly flags: readonly [
        ];
        readonly own: readonly [
            "l1",
            "l2"
        ];
        readonly cost: 0.6;
    };
};

export interface UnknownName {
    readonly name: string;
    readonly suggestion: string | null;
}

export interface UnknownValues {
    readonly column: string;
    readonly rows: number;
    readonly value: string;
    readonly suggestion: string | null;
}

export type UpdateNumbers<Rule extends UpdateRule> = Readonly<Record<(typeof UPDATES)[Rule]["shared" | "own"][number], number>> & Readonly<Record<(typeof UPDATES)[Rule]["flags"][number], boolean>>;

export type UpdateRule = keyof typeof UPDATES;

export declare class UsageError extends WeftError {
    name: string;
    readonly exitCode = 2;
}

export type Values = Float32Array<ArrayBuffer>;

export interface VectorColumn {
    readonly kind: "vector";
    readonly name: string;
    readonly size: number;
    readonly values: Float32Array;
}

export interface VectorInput {
    readonly kind: "vector";
    readonly name: string;
    readonly size: number;
    readonly mean: readonly number[] | null;
    readonly std: readonly number[] | null;
}

export declare class WeftError extends Error {
    name: string;
    readonly exitCode: number;
}

export interface WindowDataset {
    readonly rows: number;
    readonly length: number;
    readonly stride: number;
    readonly table: Table;
    readonly places: Uint32Array;
    readonly starts: Uint32Array;
    readonly ends: TableDataset;
    readonly plan: ColumnPlan;
    readonly notes: readonly string[];
}

export interface WindowOptions extends Omit<DatasetOptions, "weights"> {
    readonly length: number;
    readonly stride?: number;
}

export interface WindowParts {
    readonly train: WindowSamples["data"];
    readonly validation?: WindowSamples["data"];
    readonly test?: WindowSamples["data"];
    readonly classNames?: readonly string[];
    readonly preprocessing: Preprocessing;
    readonly notes: readonly string[];
}

export interface WindowPartsOptions extends Omit<WindowSplitOptions, "fraction"> {
    readonly test?: number;
    readonly validation?: number;
}

export interface WindowSamples {
    readonly data: TargetedFeatures | FeatureSource;
    readonly notes: readonly string[];
}

export interface WindowSplitOptions {
    readonly fraction: number;
    readonly seed: number;
    readonly last?: boolean;
    readonly gap?: number;
}

export declare function arrayDataset(options: ArrayOptions): ArrayDataset;

export declare function arrayFeatures(inputs: NdArray, name?: string, cannot?: string): ArrayFeatures;

export declare function arrayTable({ inputs, target, names }: Pick<ArrayOptions, "inputs" | "names"> & {
    readonly target?: ArrayTarget;
}): Table;

export declare function createBackend(options?: BackendOptions): Promise<Backend>;

export declare function datasetOf(table: Table, options: DatasetOptions): TableDataset;

export declare function decodeModel(bytes: Uint8Array, source?: string): Model;

export declare function decodeState(bytes: Uint8Array<ArrayBuffer>, source?: string): Promise<TrainingState>;

export declare function encode(preprocessing: Preprocessing, raw: RawRows): Encoded;

export declare function encodeModel(model: Model): Uint8Array<ArrayBuffer>;

export declare function encodeOnnx(model: Model): Uint8Array<ArrayBuffer>;

export declare function encodeState({ identity, progress, tensors }: TrainingState): Promise<Uint8Array<ArrayBuffer>>;

export declare function evaluate(model: Model, data: Extract<SampleData, {
    readonly labels: unknown;
}>, options?: InferenceOptions): Promise<FullEvaluation>;
export declare function evaluate(model: Model, data: SampleData | TableDataset | Table, options?: InferenceOptions): Promise<Evaluation>;

export declare function featureNames({ columns }: Pick<Preprocessing, "columns">): string[];

export declare function fitPreprocessing(table: Table, rows: Uint32Array, plan: ColumnPlan, target?: TargetColumns): Preprocessing;

export declare function fitWindows({ table, places, starts, length, stride, plan, ends }: WindowDataset): Preprocessing;

export declare function foldRows(data: SampleData | TableDataset, folds: number, seed: number): Split[];

export declare function imagesOfTable(table: Table, { target, ignore, columns }: {
    readonly target: string;
    readonly ignore?: readonly string[];
    readonly columns?: PixelColumns | null;
}): TableImages;

export declare function kernelsToImport(simd: Simd): Promise<Uint8Array<ArrayBuffer>>;

export declare function listAdapters(): Promise<AdapterDescription[]>;

export declare function networkOptionsOf({ architecture }: Model): Partial<Pick<TrainConfig, "hidden" | "activation" | "layers" | "batchNorm">>;

export declare function noteLines(notes: EncodingNotes): string[];

export declare function pickRows(dataset: TableDataset, rows: Uint32Array): TableDataset;

export declare function pickWindows(dataset: WindowDataset, windows: Uint32Array): WindowDataset;

export declare function pixelColumns(table: Table): PixelColumns | null;

export declare function pixelsOf(table: Table, names: readonly string[], cannot: string): Uint8Array<ArrayBuffer>;

export declare function planColumns(table: Table, roles: ColumnRoles, choices?: ColumnChoices): ColumnPlan;

export declare function predict<Answer extends number | number[] = number>(model: Model, values: PredictRows, options?: InferenceOptions): Promise<Answer[]>;

export declare function predictProbabilities(model: Model, values: PredictRows, options?: InferenceOptions): Promise<Float32Array[]>;

export declare function readCsv(source: ByteSource, options?: CsvOptions): Promise<Table>;

export declare function readIdx(bytes: Uint8Array, name?: string): NdArray;

export declare function readJsonLines(source: ByteSource, options?: JsonLinesOptions): Promise<Table>;

export declare function readNpy(bytes: Uint8Array, name?: string): NdArray;

export declare function readNpyLabels(bytes: Uint8Array, name?: string): NdArray | NdTexts;

export declare function readNpz(bytes: Uint8Array<ArrayBuffer>, name?: string): Promise<Map<string, NdArray>>;

export declare function resolveConfig(overrides?: Partial<TrainConfig>, preset?: string): TrainConfig;

export declare function splitRows(data: SampleData | TableDataset, { fraction, seed, last }: SplitOptions): Split;

export declare function splitWindows(dataset: WindowDataset, options: WindowSplitOptions): Split;

export declare function train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void>;

export declare function windowParts(dataset: WindowDataset, { test, validation, ...options }: WindowPartsOptions): WindowParts;

export declare function windowSamples({ table, places, starts, length, ends }: Pick<WindowDataset, "table" | "places" | "starts" | "length"> & {
    readonly ends: Pick<WindowDataset["ends"], "targets">;
}, preprocessing: Preprocessing): WindowSamples;

export declare function windowsOf(table: Table, options: WindowOptions): WindowDataset;

// ./predict

export interface Answer {
    readonly predicted?: string;
    readonly probability?: number;
    readonly threshold?: number;
    readonly labels?: readonly string[];
    readonly probabilities?: Readonly<Record<string, number>>;
    readonly predictions?: Readonly<Record<string, number>>;
    readonly note?: string;
}

export declare const EDGE_TASKS: readonly [
    "classification",
    "binary",
    "multi-label",
    "regression"
];

export type EdgeTask = typeof EDGE_TASKS[number];

export interface Model {
    readonly architecture: Architecture;
    readonly parameters: readonly LayerParameters[];
    readonly height: number;
    readonly width: number;
    readonly inputScale: number;
    readonly input?: ModelInput;
    readonly task?: "classification" | "binary" | "multi-label" | "regression";
    readonly classNames: readonly string[];
    readonly targets?: ModelTargets;
    readonly threshold?: number;
    readonly preprocessing?: Preprocessing;
    readonly preset: string;
}

export declare class ModelPredictor {
    #private;
    readonly input: PredictorInput;
    readonly task: EdgeTask;
    readonly classNames: readonly string[];
    predict(values: PredictorRows): Answer[];
    outputs(values: PredictorRows): Float32Array[];
}

export interface PredictorInput {
    readonly height: number;
    readonly width: number;
    readonly inputs: number;
    readonly element?: "float32";
    readonly channels?: 3;
}

export interface PredictorOptions {
    readonly kernels?: WebAssembly.Module;
}

export type PredictorRows = Uint8Array | Float32Array | RawRows;

export type RawRows = Table | readonly object[];

export declare class UsageError extends WeftError {
    name: string;
    readonly exitCode = 2;
}

export declare class WeftError extends Error {
    name: string;
    readonly exitCode: number;
}

export declare function createPredictor(model: Model | Uint8Array, { kernels }?: PredictorOptions): Promise<ModelPredictor>;

export declare function decodeModel(bytes: Uint8Array, source?: string): Model;

// ./parquet

export interface ParquetOptions {
    readonly name?: string;
    readonly ignore?: readonly string[];
}

export declare function readParquet(source: Exclude<ByteSource, string>, { name, ignore }?: ParquetOptions): Promise<Table>;

// ./images

export interface DecodeOptions {
    readonly channels?: 1 | 3;
    readonly background?: number;
}

export interface DecodedImage {
    readonly height: number;
    readonly width: number;
    readonly channels: 1 | 3;
    readonly pixels: Uint8Array<ArrayBuffer>;
}

export interface ImageFile {
    readonly path: string;
    bytes(): Uint8Array | Promise<Uint8Array>;
}

export interface ImageFolder {
    readonly train: ImagePart;
    readonly validation?: ImagePart;
    readonly test?: ImagePart;
    readonly classNames: readonly string[];
    readonly classCounts: readonly number[];
    readonly notes: readonly string[];
}

export interface ImageFolderOptions {
    readonly name?: string;
    readonly size?: ImageSize;
    readonly channels?: 1 | 3;
    readonly skipBroken?: boolean;
    readonly onProgress?: (progress: ImageProgress) => void;
}

export type ImagePart = (LabeledFeatures | TargetedFeatures) & {
    readonly features: Uint8Array;
};

export interface ImageProgress {
    readonly done: number;
    readonly total: number;
}

export interface ImageSize {
    readonly height: number;
    readonly width: number;
}

export declare function decodeImage(bytes: Uint8Array, name?: string, options?: DecodeOptions): Promise<DecodedImage>;

export declare function imageFolder(given: Iterable<ImageFile> | AsyncIterable<ImageFile>, options?: ImageFolderOptions): Promise<ImageFolder>;

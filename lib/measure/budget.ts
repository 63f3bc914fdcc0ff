/** How much is measured, and for how long. Times in milliseconds. */

export interface MeasurementBudget {
  /** Turns that every contender has. */
  readonly rounds: number;
  /** Back ends slower than this per step are skipped, because later stages repeat the step about ten times. */
  readonly slowestStepMs: number;
  /** Warming up steps, which takes V8 some hundred milliseconds, and a turn of measuring them. */
  readonly warmUpMs: number;
  readonly stepMs: number;
  /** The same for one kernel. */
  readonly kernelWarmUpMs: number;
  readonly kernelMs: number;
  /** Where the user does not say; the first warms up. */
  readonly epochs: number;
  /** Back ends slower than this per epoch train none. */
  readonly longestEpochMs: number;
  /** Warming up and a turn for one point of a curve, which ends where a step takes longer than the last of these. */
  readonly pointWarmUpMs: number;
  readonly pointMs: number;
  readonly longestStepMs: number;
  readonly batches: readonly number[];
  readonly widths: readonly number[];
  /** Steps to compare with the reference, and operations that it may do in all of them. */
  readonly checkSteps: number;
  readonly checkFlops: number;
  /** Rows of the data to train on; null for all. */
  readonly mostRows: number | null;
}

export const THOROUGH: MeasurementBudget = {
  rounds: 5,
  slowestStepMs: 4000,
  warmUpMs: 400,
  stepMs: 150,
  kernelWarmUpMs: 20,
  kernelMs: 10,
  epochs: 4,
  longestEpochMs: 15_000,
  pointWarmUpMs: 60,
  pointMs: 40,
  longestStepMs: 1000,
  batches: [1, 4, 16, 64, 256, 1024, 4096, 8192],
  widths: [32, 64, 128, 256, 512, 1024, 2048, 4096],
  checkSteps: 8,
  checkFlops: 4e9,
  mostRows: null,
};

/** For a machine of two processors without a GPU: half a minute, with more noise. */
export const QUICK: MeasurementBudget = {
  rounds: 3,
  slowestStepMs: 1500,
  warmUpMs: 100,
  stepMs: 40,
  kernelWarmUpMs: 5,
  kernelMs: 5,
  epochs: 2,
  longestEpochMs: 5000,
  pointWarmUpMs: 20,
  pointMs: 15,
  longestStepMs: 400,
  batches: [1, 32, 1024],
  widths: [32, 256, 1024],
  checkSteps: 4,
  checkFlops: 1e9,
  mostRows: 4096,
};

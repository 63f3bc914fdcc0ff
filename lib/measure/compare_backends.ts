/**
 * The comparison of back ends: the same network, data and seed on each, in turns. What has been measured stays, whatever
 * happens to one contender or to the whole.
 *
 * First every contender's beginning, one after the other: starting, uploading, the first step, and whether its results are
 * the reference's. Then, in rounds: steps, the kernels of a step, epochs. At last, steps of other sizes.
 */
import { createBackend } from "../backends/mod.ts";
import type { Comparison, ComparisonCheck, CurveRecord } from "../run_log/comparison/comparison.ts";
import type { ComparedRun } from "./compared_run.ts";
import { Contender } from "./contender.ts";
import type { ContenderPlan } from "./contender_plans.ts";
import { crossovers, measureCurves } from "./curves.ts";
import { checkSteps, differences, planCheck } from "./differences.ts";
import type { MeasurementBudget } from "./budget.ts";
import { measureEpochs } from "./epochs.ts";
import { multiplyAddLimit } from "./multiply_add_limit.ts";
import { begin, measureKernels, measureSteps } from "./step_phases.ts";
import { Turns, type TurnsOptions } from "./turns.ts";

export interface ComparisonOptions extends TurnsOptions {
  readonly run: ComparedRun;
  readonly plans: readonly ContenderPlan[];
  readonly budget: MeasurementBudget;
}

/** What comes of a comparison. */
export type Findings =
  & Pick<Comparison, "status" | "network" | "check" | "contenders" | "curves" | "crossovers">
  & Pick<Comparison["environment"], "multiplyAddGflops">;

/** A contender's fault becomes part of the findings; anything else is thrown. */
export async function compareBackends(options: ComparisonOptions): Promise<Findings> {
  const { plans, signal } = options;
  using comparing = new Comparing(options, plans.map((plan) => new Contender(plan)));
  try {
    await comparing.measure();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return comparing.findings();
}

class Comparing implements Disposable {
  readonly #turns: Turns;
  readonly #curves: CurveRecord[] = [];
  #check: ComparisonCheck | null = null;
  #limit: number | null = null;

  constructor(
    readonly options: ComparisonOptions,
    readonly contenders: readonly Contender[],
  ) {
    this.#turns = new Turns(options);
  }

  async measure(): Promise<void> {
    const { contenders, options: { run, budget, signal } } = this;
    const turns = this.#turns;
    await turns.each(contenders, "beginning", (contender) => begin(contender, run, budget));
    if (contenders.every(({ failed }) => failed)) return;
    this.#limit = await multiplyAddLimit();
    await this.#compareResults();
    await measureSteps(contenders, turns, run, budget, this.#limit);
    await measureKernels(contenders, turns, budget);
    await measureEpochs(contenders, turns, run, budget.longestEpochMs, signal);
    await measureCurves(this.#curves, this.#fastest(), turns, run, budget);
  }

  /** Takes the same few steps on the reference and on each contender. */
  async #compareResults(): Promise<void> {
    const { contenders, options: { run: { images, classNames, config }, budget } } = this;
    const { checkSteps: steps, checkFlops } = budget;
    const plan = planCheck(images, config, classNames.length, steps, checkFlops);
    this.options.onProgress?.("reference: results to compare with");
    using reference = await createBackend({ backend: "reference" });
    const expected = await checkSteps(reference, plan);
    this.#check = { steps: plan.steps, batchSize: plan.config.batchSize };
    await this.#turns.each(contenders, "comparing results", async (contender) => {
      const { backend } = await contender.open();
      const { loss, weight } = differences(await checkSteps(backend, plan), expected);
      contender.record.lossDifference = loss;
      contender.record.weightDifference = weight;
    });
  }

  /** Whose curves are drawn: the WebAssembly contender whose steps are shortest, and every adapter. */
  #fastest(): Contender[] {
    const stepMs = ({ record }: Contender) => record.step?.medianMs ?? Infinity;
    const able = this.contenders.filter((contender) => !contender.failed);
    const wasm = able.filter(({ plan }) => plan.backend === "wasm");
    const best = wasm.sort((a, b) => stepMs(a) - stepMs(b)).slice(0, 1);
    return [...best, ...able.filter(({ plan }) => plan.backend === "webgpu")];
  }

  findings(): Findings {
    const { contenders, options: { run: { compared: network }, signal } } = this;
    const failed = contenders.every((contender) => contender.failed);
    const curves = this.#curves.filter(({ points }) => points.length > 0);
    return {
      status: signal.aborted ? "interrupted" : failed ? "failed" : "completed",
      network,
      multiplyAddGflops: this.#limit,
      check: this.#check,
      contenders: contenders.map(({ record }) => record),
      curves,
      crossovers: crossovers(curves, contenders),
    };
  }

  [Symbol.dispose](): void {
    using owned = new DisposableStack();
    for (const contender of this.contenders) owned.use(contender);
  }
}

/** How the time of a step grows with the batch and with the width of the network. */
import type {
  CrossoverRecord,
  CurveAxis,
  CurvePoint,
  CurveRecord,
} from "../run_log/comparison/comparison.ts";
import { CURVE_AXES } from "../run_log/comparison/comparison.ts";
import type { TrainConfig } from "../config/options.ts";
import type { ComparedRun } from "./compared_run.ts";
import { type Contender, gflopsOf, timingRecord } from "./contender.ts";
import { crossover, type TimeCurve } from "./crossover.ts";
import type { MeasurementBudget } from "./budget.ts";
import { Sampler } from "./queued_work.ts";
import { planSteps, RunSteps } from "./run_steps.ts";
import { firstRows } from "./some_rows.ts";
import type { Turns } from "./turns.ts";

/** A curve that grows point by point. */
interface Growing extends CurveRecord {
  readonly points: CurvePoint[];
}

/** Points are added to `curves` as they are measured. */
export async function measureCurves(
  curves: CurveRecord[],
  contenders: readonly Contender[],
  turns: Turns,
  run: ComparedRun,
  budget: MeasurementBudget,
): Promise<void> {
  for (const axis of CURVE_AXES) {
    const own = new Map<Contender, Growing>(contenders.map((contender) => [
      contender,
      { axis, contender: contender.record.label, points: [] },
    ]));
    curves.push(...own.values());
    for (const at of axis === "batch" ? budget.batches : budget.widths) {
      await measurePoint(own, turns, run, { axis, at }, budget);
    }
  }
}

/** On the batch axis, batches may be larger than the data, whose rows then come more than once in one. */
function configAt({ config }: ComparedRun, axis: CurveAxis, at: number): TrainConfig {
  return axis === "batch" ? { ...config, batchSize: at } : { ...config, hidden: [at] };
}

async function measurePoint(
  curves: ReadonlyMap<Contender, Growing>,
  turns: Turns,
  run: ComparedRun,
  { axis, at }: { readonly axis: CurveAxis; readonly at: number },
  { rounds, pointWarmUpMs, pointMs, longestStepMs }: MeasurementBudget,
): Promise<void> {
  const config = configAt(run, axis, at);
  const images = firstRows(run.images, 4 * config.batchSize);
  const plan = planSteps(images, config, run.classNames.length);
  const flops = plan.network.flopsOfStep(config.batchSize);
  using owned = new DisposableStack();
  const samplers = new Map<Contender, Sampler>();
  const what = `${axis} ${at}`;
  const able = [...curves].filter(([, { points }]) => !(lastMs(points) > longestStepMs))
    .map(([contender]) => contender);
  await turns.each(able, what, async (contender) => {
    const { backend } = await contender.open();
    const steps = new RunSteps(backend, plan);
    owned.defer(() => contender.failed || steps[Symbol.dispose]());
    const sampler = new Sampler(backend, () => steps.run());
    samplers.set(contender, sampler);
    await sampler.warmUp(pointWarmUpMs);
  });
  await turns.rounds(
    rounds,
    able,
    what,
    (contender) => samplers.get(contender)!.round(pointMs),
  );
  for (const contender of able) {
    const timing = samplers.get(contender)?.figures()?.timing;
    if (contender.failed || !timing) continue;
    const time = timingRecord(timing);
    curves.get(contender)!.points.push({ at, time, gflops: gflopsOf(flops, timing) });
  }
}

/** Median of the largest size so far; 0 where there is none. */
function lastMs(points: readonly CurvePoint[]): number {
  return points.at(-1)?.time.medianMs ?? 0;
}

/** Where each WebGPU contender overtakes the WebAssembly one. */
export function crossovers(
  curves: readonly CurveRecord[],
  contenders: readonly Contender[],
): CrossoverRecord[] {
  const backendOf = (label: string) =>
    contenders.find(({ record }) => record.label === label)?.plan.backend;
  return CURVE_AXES.flatMap((axis) => {
    const here = curves.filter((curve) => curve.axis === axis && curve.points.length > 0);
    const slow = here.find(({ contender }) => backendOf(contender) === "wasm");
    if (!slow) return [];
    return here.filter(({ contender }) => backendOf(contender) === "webgpu").map((fast) => ({
      axis,
      contender: fast.contender,
      overtakes: slow.contender,
      ...crossover(timeCurve(slow), timeCurve(fast)),
    }));
  });
}

function timeCurve({ points }: CurveRecord): TimeCurve {
  return points.map(({ at, time }) => ({ at, medianMs: time.medianMs! }));
}

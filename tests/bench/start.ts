/** Time from the start of a process to its first training step, and what it is made of. */
import { runScript } from "./processes.ts";
import { median } from "../../lib/measure/statistics.ts";

export interface StartFigures {
  /** Medians of the whole and of its parts, in turn. */
  readonly wholeMs: number;
  readonly steps: readonly { readonly name: string; readonly medianMs: number }[];
  /** The shortest whole. */
  readonly bestMs: number;
}

/** Starts a process `times` times; the data set must be on this machine already. */
export async function measureStart(
  times: number,
): Promise<StartFigures | { readonly reason: string }> {
  const runs: [string, number][][] = [];
  for (let i = 0; i < times; i++) {
    const startedAt = Date.now();
    const result = await runScript("start_probe.ts", []);
    if ("reason" in result) return result;
    const instants = Object.entries(result.value as Record<string, number>);
    let before = startedAt;
    runs.push(instants.map(([name, at]) => {
      const taken = at - before;
      before = at;
      return [name, taken];
    }));
  }
  const wholes = runs.map((run) => run.reduce((sum, [, taken]) => sum + taken, 0));
  return {
    wholeMs: median(wholes),
    bestMs: Math.min(...wholes),
    steps: runs[0].map(([name], i) => ({ name, medianMs: median(runs.map((run) => run[i][1])) })),
  };
}

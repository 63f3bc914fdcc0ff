/** An epoch of the baseline network in Weft and elsewhere, in turns; who is not installed is named with the reason. */
import type { Dataset } from "../../lib/dataset/dataset.ts";
import { type Turn, weftTurn } from "./epoch.ts";
import { pathOf, runProgram, runScript, type ScriptResult } from "./processes.ts";
import { summarize, type Timing } from "../../lib/measure/statistics.ts";

export interface PeerFigures {
  readonly name: string;
  readonly epoch: Timing;
  /** What ran it, and what of an epoch was measured. */
  readonly note: string;
}

export interface PeerComparison {
  readonly weft: readonly { readonly threads: number; readonly epoch: Timing }[];
  readonly peers: readonly PeerFigures[];
  /** Name and reason. */
  readonly missing: readonly string[];
}

interface PeerTurn extends Turn {
  readonly note: string;
}

interface Peer {
  readonly name: string;
  /** Why it cannot run on this machine. */
  readonly absent?: string;
  /** How far its losses may be from Weft's: float32 against float64, or against another order of sums. */
  readonly tolerance: number;
  /** Slow peers are measured in the first round only. */
  readonly once?: boolean;
  readonly run: (epochs: number) => Promise<PeerTurn | { readonly reason: string }>;
}

interface PythonResult {
  readonly trainLoss: number[];
  readonly validationLoss: number[];
  readonly epochSeconds: number[];
  readonly blas?: { readonly path: string; readonly config?: string; readonly threads?: number }[];
  readonly note?: string;
}

function python(script: string, args: string[], env: Record<string, string> = {}): Peer["run"] {
  return async (epochs) => {
    const options = ["-B", pathOf(`peers/${script}`), "--json", "--epochs", String(epochs)];
    const result = await runProgram("/usr/bin/python3", [...options, ...args], env);
    if ("reason" in result) return result;
    const { trainLoss, validationLoss, epochSeconds, blas, note } = result.value as PythonResult;
    const [library] = blas ?? [];
    return {
      epochMs: epochSeconds.slice(1).map((seconds) => seconds * 1000),
      losses: trainLoss.flatMap((loss, i) => [loss, validationLoss[i]]),
      note: note ??
        (library
          ? `${library.config ?? library.path}, ${library.threads ?? 1} thread(s)`
          : "BLAS unknown"),
    };
  };
}

/** A library from npm, outside of Weft's own dependencies and lock file. It compares losses itself. */
function javascript(script: string): Peer["run"] {
  return async () => {
    const result: ScriptResult = await runScript(`peers/${script}`, [], [
      "--no-config",
      "--no-lock",
    ]);
    if ("reason" in result) return result;
    const { batchMs, batchesOfEpoch } = result.value as {
      batchMs: number[];
      batchesOfEpoch: number;
    };
    return {
      epochMs: batchMs.map((ms) => ms * batchesOfEpoch),
      losses: [],
      note: `${batchMs.length} batches scaled up to an epoch, without validation`,
    };
  };
}

function allPeers(avx512: boolean): Peer[] {
  return [
    {
      name: "NumPy float64",
      tolerance: 2e-5,
      run: python("numpy_baseline.py", ["--dtype", "float64"]),
    },
    {
      name: "NumPy float32",
      tolerance: 2e-5,
      run: python("numpy_baseline.py", ["--dtype", "float32"]),
    },
    {
      name: "NumPy float32, AVX-512",
      absent: avx512 ? undefined : "this processor has no avx512f",
      tolerance: 2e-5,
      run: python("numpy_baseline.py", ["--dtype", "float32"], { OPENBLAS_CORETYPE: "SKYLAKEX" }),
    },
    { name: "PyTorch float32", tolerance: 1e-3, run: python("torch_baseline.py", []) },
    { name: "jax-js wasm", tolerance: 0, once: true, run: javascript("jax_js_wasm.ts") },
    {
      name: "TensorFlow.js wasm",
      tolerance: 0,
      once: true,
      run: javascript("tensorflow_js_wasm.ts"),
    },
  ];
}

/** Runs everyone in turns and checks that all met the same losses. */
export async function comparePeers(
  dataset: Dataset,
  counts: readonly number[],
  { epochs, rounds, avx512 }: { epochs: number; rounds: number; avx512: boolean },
): Promise<PeerComparison> {
  const weft = new Map<number, number[]>(counts.map((threads) => [threads, []]));
  const peers = new Map<string, { times: number[]; note: string }>();
  const missing = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    let losses: readonly number[] = [];
    for (const [threads, times] of weft) {
      const turn = await weftTurn(dataset, threads, epochs);
      times.push(...turn.epochMs);
      losses = turn.losses;
    }
    for (const { name, absent, tolerance, once, run } of allPeers(avx512)) {
      if (missing.has(name) || (once && round > 0)) continue;
      const turn = absent ? { reason: absent } : await run(epochs);
      if ("reason" in turn) {
        missing.set(name, turn.reason);
        continue;
      }
      const worst = turn.losses.reduce(
        (max, loss, i) => Math.max(max, Math.abs(loss - losses[i])),
        0,
      );
      if (!(worst <= tolerance)) throw new Error(`${name} meets losses that differ by ${worst}`);
      const { times } = peers.get(name) ?? { times: [] };
      peers.set(name, { times: [...times, ...turn.epochMs], note: turn.note });
    }
  }
  return {
    weft: [...weft].map(([threads, times]) => ({ threads, epoch: summarize(times) })),
    peers: [...peers].map(([name, { times, note }]) => ({ name, epoch: summarize(times), note })),
    missing: [...missing].map(([name, reason]) => `${name}: ${reason}`),
  };
}

/** Time of an epoch of the baseline network, here and in NumPy, in turns. */
import { loadDataset } from "../../data/load.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import { type Phase, PHASES } from "../../lib/train/events.ts";
import { train } from "../../lib/train/trainer.ts";
import { median, summarise, type Timing } from "./statistics.ts";

const PEER = new URL("peers/numpy_baseline.py", import.meta.url).pathname;

/** Epochs of a turn; the first is cold and not counted. */
const EPOCHS = 6;

/** Losses of an epoch may differ by this much between peers: float32 against float64. */
const TOLERANCE = 2e-5;

interface Turn {
  readonly epochMs: number[];
  readonly losses: number[];
}

export interface PeerTiming {
  readonly name: string;
  readonly epoch: Timing;
}

/** An epoch of Weft with some number of threads. */
export interface WeftTiming {
  readonly threads: number;
  readonly epoch: Timing;
  readonly phasesMs: Readonly<Record<Phase, number>>;
}

export interface EpochComparison {
  /** With one thread, then with as many as there are processors. */
  readonly weft: readonly WeftTiming[];
  readonly peers: readonly PeerTiming[];
  /** Why a peer is missing. */
  readonly missing: readonly string[];
}

type Dataset = Awaited<ReturnType<typeof loadDataset>>["dataset"];

interface WeftTurn extends Turn {
  readonly phasesMs: Readonly<Record<Phase, number>>[];
}

async function weftTurn(dataset: Dataset, threads: number): Promise<WeftTurn> {
  using backend = await createBackend({ backend: "wasm", threads });
  const turn: WeftTurn = { epochMs: [], losses: [], phasesMs: [] };
  for await (const event of train({ train: dataset.train, backend, config: { epochs: EPOCHS } })) {
    if (event.type !== "epoch") continue;
    turn.losses.push(event.trainLoss, event.validationLoss);
    if (event.epoch === 1) continue;
    turn.epochMs.push(event.epochMs);
    turn.phasesMs.push(event.phasesMs);
  }
  return turn;
}

async function numpyTurn(dtype: string): Promise<Turn | string> {
  const args = ["-B", PEER, "--json", "--epochs", String(EPOCHS), "--dtype", dtype];
  const command = new Deno.Command("/usr/bin/python3", { args, stdout: "piped", stderr: "piped" });
  try {
    const { success, stdout, stderr } = await command.output();
    if (!success) return new TextDecoder().decode(stderr).trim();
    const result = JSON.parse(new TextDecoder().decode(stdout));
    const losses = result.trainLoss.flatMap((
      loss: number,
      i: number,
    ) => [loss, result.validationLoss[i]]);
    return { epochMs: result.epochSeconds.slice(1).map((s: number) => s * 1000), losses };
  } catch (error) {
    return (error as Error).message;
  }
}

/** Runs everyone in turns, checks that all met the same losses, and compares medians. */
export async function compareEpochs(rounds: number): Promise<EpochComparison> {
  const { dataset } = await loadDataset();
  const threadCounts = [...new Set([1, navigator.hardwareConcurrency])];
  const weft = new Map<number, WeftTurn[]>(threadCounts.map((threads) => [threads, []]));
  const peers = new Map<string, number[]>();
  const missing = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const threads of threadCounts) weft.get(threads)!.push(await weftTurn(dataset, threads));
    const { losses } = weft.get(1)![0];
    for (const dtype of ["float64", "float32"]) {
      const name = `NumPy ${dtype}`;
      const turn = await numpyTurn(dtype);
      if (typeof turn === "string") {
        missing.add(`${name}: ${turn}`);
        continue;
      }
      const worst = Math.max(...turn.losses.map((loss, i) => Math.abs(loss - losses[i])));
      if (!(worst <= TOLERANCE)) throw new Error(`${name} meets losses that differ by ${worst}`);
      peers.set(name, [...peers.get(name) ?? [], ...turn.epochMs]);
    }
  }
  return {
    weft: [...weft].map(([threads, turns]) => {
      const phases = turns.flatMap((turn) => turn.phasesMs);
      const medians = PHASES.map((phase) => [phase, median(phases.map((times) => times[phase]))]);
      return {
        threads,
        epoch: summarise(turns.flatMap((turn) => turn.epochMs)),
        phasesMs: Object.fromEntries(medians) as Record<Phase, number>,
      };
    }),
    peers: [...peers].map(([name, times]) => ({ name, epoch: summarise(times) })),
    missing: [...missing],
  };
}

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

export interface EpochComparison {
  readonly weft: Timing;
  readonly phasesMs: Readonly<Record<Phase, number>>;
  readonly peers: readonly PeerTiming[];
  /** Why a peer is missing. */
  readonly missing: readonly string[];
}

type Dataset = Awaited<ReturnType<typeof loadDataset>>["dataset"];

async function weftTurn(dataset: Dataset, phases: Record<Phase, number[]>): Promise<Turn> {
  using backend = await createBackend({ backend: "wasm" });
  const turn: Turn = { epochMs: [], losses: [] };
  for await (const event of train({ train: dataset.train, backend, config: { epochs: EPOCHS } })) {
    if (event.type !== "epoch") continue;
    turn.losses.push(event.trainLoss, event.validationLoss);
    if (event.epoch === 1) continue;
    turn.epochMs.push(event.epochMs);
    for (const phase of PHASES) phases[phase].push(event.phasesMs[phase]);
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
  const phases = Object.fromEntries(PHASES.map((phase) => [phase, [] as number[]])) as Record<
    Phase,
    number[]
  >;
  const weft: number[] = [];
  const peers = new Map<string, number[]>();
  const missing = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const own = await weftTurn(dataset, phases);
    weft.push(...own.epochMs);
    for (const dtype of ["float64", "float32"]) {
      const name = `NumPy ${dtype}`;
      const turn = await numpyTurn(dtype);
      if (typeof turn === "string") {
        missing.add(`${name}: ${turn}`);
        continue;
      }
      const worst = Math.max(...turn.losses.map((loss, i) => Math.abs(loss - own.losses[i])));
      if (!(worst <= TOLERANCE)) throw new Error(`${name} meets losses that differ by ${worst}`);
      peers.set(name, [...peers.get(name) ?? [], ...turn.epochMs]);
    }
  }
  return {
    weft: summarise(weft),
    phasesMs: Object.fromEntries(PHASES.map((phase) => [phase, median(phases[phase])])) as Record<
      Phase,
      number
    >,
    peers: [...peers].map(([name, times]) => ({ name, epoch: summarise(times) })),
    missing: [...missing],
  };
}

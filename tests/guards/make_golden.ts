/**
 * Writes the golden files of the guards: what the code that stands beside it computes. To be run on code that is known to
 * be right, and never to make a test pass: `deno run -P=test tests/guards/make_golden.ts calls|digests|full|kept|run`.
 */
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { decodeState, encodeState, predictProbabilities, train, Trainer } from "../../lib/mod.ts";
import { ACTIVATIONS } from "../../lib/nn/activations.ts";
import { localFashionMnist } from "../data/local_fashion_mnist.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import {
  callsOfEpoch,
  digestOf,
  digestOfRun,
  GUARD_RUNS,
  optionsOf,
  strictBackend,
} from "./guard_runs.ts";
import { digestOfRest, KEPT_FOLDER, KEPT_STATES, keptData } from "./kept_files.ts";

const GOLDEN = new URL("../golden/", import.meta.url);

async function write(name: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(new URL(name, GOLDEN), JSON.stringify(value, null, 1) + "\n");
}

async function ofRuns<T>(make: (options: ReturnType<typeof optionsOf>) => Promise<T>) {
  const made: Record<string, T> = {};
  for (const [name, run] of Object.entries(GUARD_RUNS)) made[name] = await make(optionsOf(run));
  return made;
}

async function keptStates(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, { config, batches, unknown = [] }] of Object.entries(KEPT_STATES)) {
    using backend = await strictBackend(1);
    using trainer = await Trainer.create({ ...keptData(), config, backend });
    let { state } = await trainer.step({ maxBatches: batches });
    if (unknown.length > 0) {
      const { identity, progress, tensors } = await decodeState(state!);
      const known = Object.entries(identity.config).filter(([key]) =>
        !unknown.some((k) => k === key)
      );
      const { validationLoss: _1, best: _2, epochMs: _3, ...fewer } = progress;
      state = await encodeState({
        identity: { ...identity, config: Object.fromEntries(known) as typeof identity.config },
        progress: fewer as typeof progress,
        tensors,
      });
    }
    await Deno.writeFile(new URL(`checkpoint_${name}.safetensors`, KEPT_FOLDER), state!);
    digests[name] = await digestOfRest(state!, 1);
  }
  return digests;
}

async function keptModels(): Promise<Record<string, number[][]>> {
  const predictions: Record<string, number[][]> = {};
  for (const activation of ACTIVATIONS) {
    using backend = await strictBackend(1);
    const config = {
      hidden: [5, 4],
      activation,
      batchNorm: true,
      standardize: true,
      batchSize: 9,
      epochs: 3,
    };
    const events = await Array.fromAsync(train({ ...keptData(), config, backend }));
    const end = events.at(-1)!;
    if (end.type !== "end") throw new Error("the run has no end");
    const bytes = encodeModel(end.model!);
    await Deno.writeFile(new URL(`model_${activation}.safetensors`, KEPT_FOLDER), bytes);
    const model = decodeModel(bytes, activation);
    const rows = await predictProbabilities(model, keptData().test.pixels, { backend });
    predictions[activation] = rows.map((row) => [...row]);
  }
  return predictions;
}

/** A run that is interrupted, what the others of a log are, and the interrupted one to its end. */
async function keptRun(): Promise<void> {
  await using workplace = await Workplace.create();
  const common = ["train", "--data-dir", "data", "--simd", "strict", "--batch-size", "1"];
  const epochs = [
    "--epochs",
    "60",
    "--hidden",
    "6",
    "--optimizer",
    "adam",
    "--batch-norm",
    "--dropout",
    "0.1",
  ];
  const run = [...common, ...epochs, "--batch-size", "16"];
  {
    await using child = workplace.start(...run, "--run", "kept");
    const log = workplace.path("runs/kept/log.jsonl");
    const lines = async () => (await Deno.readTextFile(log).catch(() => "")).split("\n").length;
    while (await lines() < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGINT");
    const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
    await child.status;
    await Promise.all(output);
  }
  const more: Record<string, string[]> = {
    completed: ["--epochs", "3", "--flip", "--patience", "2"],
    diverged: ["--epochs", "9", "--activation", "relu", "--learning-rate", "1e38"],
  };
  for (const [name, options] of Object.entries(more)) {
    await workplace.weft(...common, ...options, "--hidden", "4,3", "--run", name);
  }
  for (const name of ["kept", ...Object.keys(more)]) {
    await Deno.copyFile(
      workplace.path(`runs/${name}/log.jsonl`),
      new URL(`log_${name}.jsonl`, KEPT_FOLDER),
    );
  }
  const checkpoints = [...Deno.readDirSync(workplace.path("runs/kept/checkpoints"))];
  const latest = checkpoints.map(({ name }) => name).sort().at(-1)!;
  await Deno.copyFile(
    workplace.path(`runs/kept/checkpoints/${latest}`),
    new URL(`run_${latest}`, KEPT_FOLDER),
  );
  requireSuccess(await workplace.weft("train", "--resume", "kept"));
  await Deno.copyFile(
    workplace.path("runs/kept/log.jsonl"),
    new URL("log_resumed.jsonl", KEPT_FOLDER),
  );
  await Deno.copyFile(
    workplace.path("runs/kept/model.safetensors"),
    new URL("model_resumed.safetensors", KEPT_FOLDER),
  );
}

const makers: Readonly<Record<string, () => Promise<void>>> = {
  calls: async () => await write("kernel_calls.json", await ofRuns(callsOfEpoch)),
  digests: async () =>
    await write("run_digests.json", await ofRuns((options) => digestOfRun(options, 1))),
  kept: async () => {
    await Deno.mkdir(KEPT_FOLDER, { recursive: true });
    const [states, models] = [await keptStates(), await keptModels()];
    await write("kept_files.json", { states, models });
  },
  run: keptRun,
  full: async () => {
    const dataset = (await localFashionMnist())!;
    const digests: Record<string, string> = {};
    for (const preset of ["baseline", "small", "accurate"]) {
      using backend = await strictBackend(2);
      digests[preset] = await digestOf(
        await Array.fromAsync(train({ ...dataset, preset, backend })),
      );
      await write("preset_digests.json", digests);
    }
  },
};

for (const name of Deno.args) await makers[name]();

/**
 * Workplaces in which what documents show is run: small images of 28 x 28 pixels in ten classes in place of
 * Fashion-MNIST, and the files that the pages name.
 */
import assert from "node:assert/strict";
import { encodeSafetensors } from "../../lib/model/safetensors.ts";
import { table } from "../cli/table_files.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { blocksIn } from "../support/documents.ts";
import { encodeIdxImages, encodeIdxLabels, writeFiles } from "../support/idx_files.ts";
import { npy } from "../support/numpy_files.ts";
import { embeddings, writeColorFolder } from "../support/own_data.ts";

const SIDE = 28;
const HEADER_BYTES = 16;
const CLASSES = 10;

/** Images of which a class is two bright rows. */
function images(rows: number): Uint8Array<ArrayBuffer> {
  const file = encodeIdxImages(rows, SIDE, SIDE);
  for (let i = 0; i < rows * SIDE * SIDE; i++) {
    const [row, y] = [Math.floor(i / SIDE / SIDE), Math.floor(i / SIDE) % SIDE];
    file[HEADER_BYTES + i] = (Math.floor(y / 2) === row % CLASSES ? 200 : 0) + (i * 13) % 50;
  }
  return file;
}

const labels = (rows: number) =>
  encodeIdxLabels(Array.from({ length: rows }, (_, row) => row % CLASSES));

/** Writes 200 images to train on and 50 to test with. */
export function writeImages(folder: string): Promise<void> {
  return writeFiles(folder, {
    "train-images-idx3-ubyte": images(200),
    "train-labels-idx1-ubyte": labels(200),
    "t10k-images-idx3-ubyte": images(50),
    "t10k-labels-idx1-ubyte": labels(50),
  });
}

/** Lines of a sample without the first `skip` rows, at most `rows`. */
async function partOf(name: string, skip: number, rows: number): Promise<string> {
  const [heading, ...lines] = (await Deno.readTextFile(table(name))).split("\n");
  return [heading, ...lines.slice(skip, skip + rows)].join("\n") + "\n";
}

/** Windows of a walk and of standing still. */
function sensor(): string {
  const line = (i: number) => {
    const walks = Math.floor(i / 60) % 2 === 1;
    return `${i / 50},${walks ? Math.sin(i) : 0.1 * Math.cos(i)},${walks ? "walk" : "stand"}`;
  };
  return ["time,x,activity", ...Array.from({ length: 1200 }, (_, i) => line(i)), ""].join("\n");
}

/** A network as PyTorch saves it: `conv 16 3x3, batch-norm, relu, pool 2, dense 64, relu` on these images. */
function convolutions(): Uint8Array<ArrayBuffer> {
  const shapes: Readonly<Record<string, number[]>> = {
    "conv.weight": [16, 1, 3, 3],
    "bn.weight": [16],
    "bn.bias": [16],
    "bn.running_mean": [16],
    "bn.running_var": [16],
    "fc1.weight": [64, 16 * (SIDE / 2) ** 2],
    "fc1.bias": [64],
    "fc2.weight": [CLASSES, 64],
    "fc2.bias": [CLASSES],
  };
  return encodeSafetensors(
    Object.entries(shapes).map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return { name, shape, data: Float32Array.from({ length }, (_, i) => (1 + i % 7) / 100) };
    }),
  );
}

/** The space of options that the page about searching shows. */
const SPACE = blocksIn("json").find(({ document }) => document.name.endsWith("/search.md"))!.text;

/** Arrays, images of classes and without, and images as a table of pixels. */
async function writeOwnData(workplace: Workplace): Promise<void> {
  const write = (name: string, bytes: Uint8Array) => Deno.writeFile(workplace.path(name), bytes);
  const rows = 100;
  await write("emb.npz", embeddings());
  await write("X.npy", npy([rows, SIDE, SIDE], images(rows).subarray(HEADER_BYTES)));
  await write("y.npy", npy([rows], Uint8Array.from({ length: rows }, (_, row) => row % CLASSES)));
  await writeColorFolder(workplace.path("pics"));
  await Deno.mkdir(workplace.path("new_pics"));
  await Deno.copyFile(workplace.path("pics/test/red/0.png"), workplace.path("new_pics/0.png"));
  const digits = (await Deno.open(table("digits.csv.gz"))).readable;
  await Deno.writeFile(
    workplace.path("digits.csv"),
    digits.pipeThrough(new DecompressionStream("gzip")),
  );
}

/** Puts there what a reader of the documents would have. */
export async function writePageFiles(workplace: Workplace): Promise<void> {
  await writeImages(workplace.path("data"));
  const write = (name: string, text: string) => Deno.writeTextFile(workplace.path(name), text);
  await write("passengers.csv", await partOf("passengers.csv", 0, 300));
  await write("later.csv", await partOf("passengers.csv", 300, 100));
  const unlabeled = (await partOf("passengers.csv", 400, 50)).replaceAll(/,[^,\n]*$/gm, "");
  await write("new.csv", unlabeled);
  await write("rows.csv", await partOf("passengers.csv", 400, 3));
  await write("sensor.csv", sensor());
  await write("image.json", JSON.stringify({ pixels: Array(SIDE * SIDE).fill(0) }));
  await writeOwnData(workplace);
  await write("space.json", SPACE);
  await Deno.writeFile(workplace.path("cnn.safetensors"), convolutions());
  await Deno.copyFile(
    new URL("../samples/images/gray.png", import.meta.url),
    workplace.path("shoe.png"),
  );
}

/** A workplace with these files. */
export async function pageWorkplace(): Promise<Workplace> {
  const workplace = await Workplace.create();
  await writePageFiles(workplace);
  return workplace;
}

/** Trains the models that pages take for granted, unless they are there: `wide` on images, `ship` on the table. */
export async function trainNamed(workplace: Workplace, name: string): Promise<void> {
  const model = workplace.path(`runs/${name}/model.safetensors`);
  if (await Deno.stat(model).then(() => true, () => false)) return;
  const what = name === "ship"
    ? ["passengers.csv", "--target", "survived"]
    : ["--data-dir", "data", "--hidden", "16,8", "--activation", "relu"];
  requireSuccess(await workplace.weft("train", ...what, "--epochs", "2", "--run", name));
}

/** Starts a command, interrupts it as Ctrl-C does once `began` says so, and waits for its end. */
async function interrupted(
  workplace: Workplace,
  args: string[],
  began: () => Promise<boolean>,
): Promise<void> {
  await using child = workplace.start(...args);
  const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  while (!hasEnded && !await began()) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGINT");
  const { code } = await child.status;
  assert.equal(code, 130, (await Promise.all(output)).join("\n"));
}

const textOf = (path: string) => Deno.readTextFile(path).catch(() => "");

/** A run that was interrupted in an early epoch. */
export function interruptedRun(workplace: Workplace, name: string): Promise<void> {
  const log = workplace.path(`runs/${name}/log.jsonl`);
  const args = ["train", "--data-dir", "data", "--hidden", "4", "--epochs", "400", "--run", name];
  return interrupted(workplace, args, async () => (await textOf(log)).includes('"epoch"'));
}

/** A search that was interrupted in one of its first trials. */
export function interruptedSearch(workplace: Workplace, name: string): Promise<void> {
  const args = [
    "search",
    "--data-dir",
    "data",
    "--space",
    "space.json",
    "--trials",
    "4",
    "--name",
    name,
  ];
  const log = workplace.path(`runs/${name}-001/log.jsonl`);
  return interrupted(workplace, args, async () => (await textOf(log)).includes('"epoch"'));
}

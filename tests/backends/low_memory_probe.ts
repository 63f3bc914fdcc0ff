/**
 * Trains the exercise for one epoch on one thread, with the images read from a file a few at a time:
 * `low_memory_probe.ts IMAGES LABELS` (IDX files, not compressed). Prints the losses.
 */
import { createBackend, train } from "../../lib/mod.ts";

const [images, labels] = Deno.args;
const [ROWS, HEIGHT, WIDTH] = [60_000, 28, 28];
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

using file = Deno.openSync(images);
let chunk = new Uint8Array();

/** Into the same memory each time, as long as it fits. */
function pixels(firstRow: number, rows: number): Uint8Array<ArrayBuffer> {
  const length = rows * HEIGHT * WIDTH;
  if (chunk.length < length) chunk = new Uint8Array(length);
  file.seekSync(IMAGES_HEADER + firstRow * HEIGHT * WIDTH, Deno.SeekMode.Start);
  for (let filled = 0; filled < length;) filled += file.readSync(chunk.subarray(filled, length))!;
  return chunk.subarray(0, length);
}

using backend = await createBackend({ backend: "wasm", threads: 1 });
const data = {
  rows: ROWS,
  height: HEIGHT,
  width: WIDTH,
  pixels,
  labels: Deno.readFileSync(labels).subarray(LABELS_HEADER),
};
for await (const event of train({ train: data, backend, config: { epochs: 1 } })) {
  if (event.type === "epoch") console.log(JSON.stringify([event.trainLoss, event.validationLoss]));
}

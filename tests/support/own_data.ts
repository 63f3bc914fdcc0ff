/** Data of one's own to try with, made from nothing: embeddings, a folder of color images, a series of a sensor. */

import { join } from "node:path";
import { encode } from "fast-png";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { npy, npz } from "./numpy_files.ts";

/** 16 features around a center of each of 4 classes, as an NPZ: 240 rows to learn from and 80 to test. */
export function embeddings(): Uint8Array<ArrayBuffer> {
  const random = new NumpyRandomState(3);
  const size = 16;
  const centers = Array.from({ length: 4 * size }, () => 2 * random.randomSample() - 1);
  const part = (rows: number) => {
    const labels = Int32Array.from({ length: rows }, (_, row) => row % 4);
    const values = Float32Array.from(
      { length: rows * size },
      (_, i) =>
        centers[labels[Math.floor(i / size)] * size + i % size] + random.randomSample() - 0.5,
    );
    return { x: npy([rows, size], values), y: npy([rows], labels) };
  };
  const [train, test] = [part(240), part(80)];
  return npz({ x_train: train.x, y_train: train.y, x_test: test.x, y_test: test.y });
}

export const COLORS: Readonly<Record<string, readonly [number, number, number]>> = {
  blue: [40, 60, 200],
  green: [50, 190, 60],
  red: [210, 50, 40],
};

/** An image of one color with a darker stripe and some noise. */
export function colorImage(
  [red, green, blue]: readonly [number, number, number],
  side: number,
  random: NumpyRandomState,
): Uint8Array<ArrayBuffer> {
  const stripe = Math.floor(random.randomSample() * side);
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const value = [red, green, blue][i % 3];
    const isDark = Math.floor(i / 3) % side === stripe;
    return Math.min(255, (isDark ? 0.5 : 1) * value + 40 * random.randomSample());
  });
  return Uint8Array.from(encode({ width: side, height: side, data, channels: 3 }));
}

/** Writes `train/COLOR/N.png` and `test/COLOR/N.png` into a folder. */
export async function writeColorFolder(folder: string, rows = 16, side = 12): Promise<void> {
  const random = new NumpyRandomState(9);
  for (const [part, count] of [["train", rows], ["test", rows / 2]] as const) {
    for (const [name, color] of Object.entries(COLORS)) {
      await Deno.mkdir(join(folder, part, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        await Deno.writeFile(join(folder, part, name, `${i}.png`), colorImage(color, side, random));
      }
    }
  }
}

const ACTIVITIES = ["sit", "walk", "run"];

/** Two axes over time, with a clock and a session each; what somebody does changes every 60 rows. */
export function sensor(rows = 3000): string {
  const random = new NumpyRandomState(5);
  const noise = () => random.randomSample() - 0.5;
  const lines = Array.from({ length: rows }, (_, t) => {
    const activity = Math.floor(t / 60) % 3;
    const angle = t * [0.1, 0.7, 2.1][activity];
    const [x, y] = [5 * Math.sin(angle) + noise(), 100 * Math.cos(angle) + 20 * noise()];
    const session = Math.floor(t / 300);
    return [t, x.toFixed(3), y.toFixed(2), `s${session}`, ACTIVITIES[activity]].join();
  });
  return `t,x,y,session,activity\n${lines.join("\n")}\n`;
}

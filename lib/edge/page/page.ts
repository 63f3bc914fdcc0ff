/**
 * The page's script: an image is drawn, dropped or chosen, sent as PNG, and the probabilities are shown. Strokes are
 * white on black, as the data is.
 */

import { drawStrokes, emptyCanvas, showFile } from "./drawing.ts";
import { showError, showNothing, showProbabilities } from "./probabilities.ts";

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const canvas = element<HTMLCanvasElement>("canvas");
const invert = element<HTMLInputElement>("invert");
const file = element<HTMLInputElement>("file");

/** Whether the canvas shows a file; strokes are light on dark always, and never inverted. */
let isFile = false;
/** Counts the images, so that an answer to one that is gone is dropped. */
let latest = 0;
/** Whether an image is being asked about, and whether it has changed since. */
let asking = false;
let changed = false;

/** Asks about the image, and again where it has changed meanwhile: one request at a time, however fast a hand is. */
async function classify(): Promise<void> {
  changed = true;
  if (asking) return;
  asking = true;
  while (changed) {
    changed = false;
    await ask();
  }
  asking = false;
}

async function ask(): Promise<void> {
  const own = latest;
  try {
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!png) throw new Error("this browser cannot make a PNG of it");
    const query = isFile && invert.checked ? "?invert=1" : "";
    const headers = { "content-type": "image/png" };
    const response = await fetch(`predict${query}`, { method: "POST", headers, body: png });
    const answer = await response.json();
    if (own !== latest) return;
    if (!response.ok) throw new Error(answer.error);
    showProbabilities(answer.predicted, answer.probabilities);
    canvas.setAttribute("aria-label", `The image: ${answer.predicted}, it seems`);
  } catch (error) {
    if (own === latest) showError(error instanceof Error ? error.message : String(error));
  }
}

async function show(image: Blob | null | undefined): Promise<void> {
  if (!image) return;
  latest++;
  try {
    await showFile(canvas, image);
  } catch {
    showError("Cannot show this file: it is no image that this browser reads.");
    return;
  }
  isFile = true;
  await classify();
}

function clear(): void {
  latest++;
  isFile = false;
  emptyCanvas(canvas);
  canvas.setAttribute("aria-label", "The image: empty");
  showNothing();
}

drawStrokes(canvas, {
  onBegin() {
    // A stroke over a photograph would be neither.
    if (isFile) clear();
  },
  onStroke: classify,
});
element("clear").addEventListener("click", clear);
invert.addEventListener("change", () => isFile && classify());
file.addEventListener("change", async () => {
  await show(file.files?.[0]);
  // So that the same file can be chosen again.
  file.value = "";
});

// A file that misses the square must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]] as const) {
  canvas.addEventListener(name, () => canvas.classList.toggle("target", over));
}
canvas.addEventListener("drop", ({ dataTransfer }) => show(dataTransfer?.files[0]));
document.addEventListener("paste", ({ clipboardData }) => show(clipboardData?.files[0]));

clear();

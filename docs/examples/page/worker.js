/**
 * Trains in a worker. Where the page is cross-origin isolated (its server sends `Cross-Origin-Opener-Policy: same-origin` and
 * `Cross-Origin-Embedder-Policy: require-corp`), the processor's threads share the work; elsewhere one thread does it.
 */
import { train } from "@weft/weft";

const rows = 2000;
const labels = Uint8Array.from({ length: rows }, (_, i) => i % 2);
const pixels = Uint8Array.from(
  { length: rows * 64 },
  (_, i) => (labels[i >> 6] === (i >> 5) % 2 ? 90 : 0) + Math.random() * 160,
);
const images = { rows, height: 8, width: 8, pixels, labels };
const epochs = 20;

try {
  for await (const event of train({ train: images, config: { hidden: [32], epochs } })) {
    if (event.type === "start") {
      const { threads, refusedThreads } = event.environment;
      postMessage({ type: "start", threads, refusedThreads });
    }
    if (event.type === "epoch") {
      postMessage({ type: "epoch", epochs, validationLoss: event.validationLoss });
    }
    if (event.type === "end") {
      postMessage({ type: "end", accuracy: event.validationAccuracy });
    }
  }
} catch (error) {
  postMessage({ type: "error", message: error.message });
}

/** The baseline network in TensorFlow.js on WebAssembly. */
// deno-lint-ignore no-import-prefix -- a peer is outside of Weft's own dependencies
import tf from "npm:@tensorflow/tfjs@4.22.0";
// deno-lint-ignore no-import-prefix -- likewise
import wasm from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
import { B, H, I, LEARNING_RATE, measurePeer, O } from "./javascript_peer.ts";

wasm.setWasmPaths(
  new URL("./", import.meta.resolve("npm:@tensorflow/tfjs-backend-wasm@4.22.0")).pathname,
);
await tf.setBackend("wasm");

await measurePeer("TensorFlow.js", (weights1, weights2) => {
  const w1 = tf.variable(tf.tensor2d(weights1, [I, H]));
  const b1 = tf.variable(tf.zeros([H]));
  const w2 = tf.variable(tf.tensor2d(weights2, [H, O]));
  const optimizer = tf.train.sgd(LEARNING_RATE);
  return Promise.resolve(({ x, oneHot }) => {
    const loss = tf.tidy(() => {
      const input = tf.tensor2d(x, [B, I]);
      const wanted = tf.tensor2d(oneHot, [B, O]);
      return optimizer.minimize(() => {
        const hidden = tf.sigmoid(tf.add(tf.matMul(input, w1), b1));
        return tf.losses.softmaxCrossEntropy(wanted, tf.matMul(hidden, w2));
      }, true)!.dataSync()[0];
    });
    return Promise.resolve(loss);
  });
}, 30);

/** The baseline network in jax-js on WebAssembly. */
// deno-lint-ignore no-import-prefix -- a peer is outside of Weft's own dependencies
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "npm:@jax-js/jax@0.1.25";
import { B, H, I, LEARNING_RATE, measurePeer, O } from "./javascript_peer.ts";

type Array = ReturnType<typeof np.zeros>;

function meanLoss(w1: Array, b1: Array, w2: Array, x: Array, oneHot: Array): Array {
  const hidden = nn.sigmoid(np.matmul(x, w1).add(b1));
  return nn.logSoftmax(np.matmul(hidden, w2)).mul(oneHot).sum().mul(-1 / B);
}

const lossAndGradients = valueAndGrad(meanLoss, { argnums: [0, 1, 2] });

/** Every use of an array but the last takes a reference; jax-js counts them. */
const update = jit((w1: Array, b1: Array, w2: Array, x: Array, oneHot: Array) => {
  const [loss, gradients] = lossAndGradients(w1.ref, b1.ref, w2.ref, x, oneHot);
  const [dw1, db1, dw2] = gradients as unknown as Array[];
  const moved = (value: Array, gradient: Array) => value.sub(gradient.mul(LEARNING_RATE));
  return [loss, moved(w1, dw1), moved(b1, db1), moved(w2, dw2)];
});

await init("wasm");
defaultDevice("wasm");

await measurePeer("jax-js", (weights1, weights2) => {
  let w1 = np.array(weights1).reshape([I, H]);
  let b1 = np.zeros([H]);
  let w2 = np.array(weights2).reshape([H, O]);
  return Promise.resolve(async ({ x, oneHot }) => {
    let loss: Array;
    [loss, w1, b1, w2] = update(
      w1,
      b1,
      w2,
      np.array(x).reshape([B, I]),
      np.array(oneHot).reshape([B, O]),
    );
    return await loss.jsAsync() as number;
  });
}, 70);

// Its workers would keep the process alive.
Deno.exit(0);

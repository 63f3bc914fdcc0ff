/** Steps of a small network in jax-js on WebAssembly: `jax_js_small.ts B I H O` prints milliseconds of each as JSON. */
// deno-lint-ignore no-import-prefix -- a peer is outside of Weft's own dependencies
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "npm:@jax-js/jax@0.1.25";

type Array = ReturnType<typeof np.zeros>;

const [B, I, H, O] = Deno.args.map(Number);
const [WARM_UP, STEPS, LEARNING_RATE] = [50, 200, 0.1];

function meanLoss(w1: Array, b1: Array, w2: Array, x: Array, oneHot: Array): Array {
  const hidden = nn.sigmoid(np.matmul(x, w1).add(b1));
  return nn.logSoftmax(np.matmul(hidden, w2)).mul(oneHot).sum().mul(-1 / B);
}

const lossAndGradients = valueAndGrad(meanLoss, { argnums: [0, 1, 2] });

const update = jit((w1: Array, b1: Array, w2: Array, x: Array, oneHot: Array) => {
  const [loss, gradients] = lossAndGradients(w1.ref, b1.ref, w2.ref, x, oneHot);
  const [dw1, db1, dw2] = gradients as unknown as Array[];
  const moved = (value: Array, gradient: Array) => value.sub(gradient.mul(LEARNING_RATE));
  return [loss, moved(w1, dw1), moved(b1, db1), moved(w2, dw2)];
});

await init("wasm");
defaultDevice("wasm");

const drawn = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));
let [w1, b1, w2] = [np.array(drawn(I * H)).reshape([I, H]), np.zeros([H]), np.array(drawn(H * O))];
w2 = w2.reshape([H, O]);
const x = np.array(drawn(B * I)).reshape([B, I]);
const oneHot = np.array(Float32Array.from({ length: B * O }, (_, i) => +(i % O === 0)));
const labels = oneHot.reshape([B, O]);
const times: number[] = [];
for (let i = 0; i < WARM_UP + STEPS; i++) {
  const startedAt = performance.now();
  let loss: Array;
  [loss, w1, b1, w2] = update(w1, b1, w2, x.ref, labels.ref);
  await loss.jsAsync();
  times.push(performance.now() - startedAt);
}
console.log(JSON.stringify({ stepMs: times.slice(WARM_UP) }));
// Its workers would keep the process alive.
Deno.exit(0);

/**
 * Calls whose shapes do not fit are refused before any kernel runs, in words that name the numbers.
 */
import assert from "node:assert/strict";
import { DISTANCES } from "../../lib/backend/distances.ts";
import type { MatrixArgument } from "../../lib/backend/arguments.ts";
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { ShapeError } from "../../lib/backend/checked.ts";
import { argumentsOf, shapeOf, TABLE_CALLS } from "../conformance/table_calls.ts";
import { createBackend } from "../../lib/backends/mod.ts";

/** What is refused, by the line that refuses it. */
const REFUSED: Readonly<Record<string, (backend: Backend) => void>> = {
  "Cannot make a matrix with rows = 0: it must be a whole number of at least 1": (backend) =>
    backend.allocate(0, 3),
  "Cannot make a matrix with columns = 2.5: it must be a whole number of at least 1": (backend) =>
    backend.allocate(3, 2.5),
  "Cannot make a matrix with rows = NaN: it must be a whole number of at least 1": (backend) =>
    backend.allocate(NaN, 1),
  "Cannot make a matrix with columns = -1: it must be a whole number of at least 1": (backend) =>
    backend.allocate(1, -1),
  "Cannot make an order of length 0: it must be a whole number of at least 1": (backend) =>
    backend.allocateOrder(0),
  "Cannot make a byte matrix with rows = 0: it must be a whole number of at least 1": (backend) =>
    backend.allocateBytes(0, 3),
  "Cannot make a byte matrix with columns = 0: it must be a whole number of at least 1": (
    backend,
  ) => backend.allocateBytes(3, 0),

  "Cannot make a view with rows = 0: it must be a whole number of at least 1": (backend) =>
    backend.view(backend.allocate(4, 2), 1, 0),
  "Cannot view: rows 3 to 5 were asked of a matrix, which has 4": (backend) =>
    backend.view(backend.allocate(4, 2), 3, 2),
  "Cannot view: rows -1 to 0 were asked of a matrix, which has 4": (backend) =>
    backend.view(backend.allocate(4, 2), -1, 1),
  "Cannot view: rows 1.5 to 2.5 were asked of a matrix, which has 4": (backend) =>
    backend.view(backend.allocate(4, 2), 1.5, 1),
  "Cannot write: 5 values were given for a 2 x 3 matrix, which has 6": (backend) =>
    backend.write(backend.allocate(2, 3), new Float32Array(5)),
  "Cannot write: 7 values were given for a 2 x 3 matrix, which has 6": (backend) =>
    backend.write(backend.allocateBytes(2, 3), new Uint8Array(7)),
  "Cannot write: 3 values were given for an order, which has 2": (backend) =>
    backend.writeOrder(backend.allocateOrder(2), new Uint32Array(3)),

  "Cannot gather a batch: the output is 2 x 3, but must be 2 x 4": (backend) => {
    const data = backend.allocateBytes(5, 4);
    backend.gather(backend.allocateBytes(2, 3), data, backend.allocateOrder(5), 0);
  },
  "Cannot gather a batch: the output is 2 x 5, but must be 2 x 4": (backend) => {
    const data = backend.allocate(9, 4);
    backend.gatherFloats(backend.allocate(2, 5), data, backend.allocateOrder(5), 0);
  },
  "Cannot gather a batch: rows 4 to 6 were asked of the order, which has 5": (backend) => {
    const data = backend.allocateBytes(5, 4);
    backend.gather(backend.allocateBytes(2, 4), data, backend.allocateOrder(5), 4);
  },
  "Cannot gather a batch: rows -1 to 1 were asked of the order, which has 5": (backend) => {
    const data = backend.allocateBytes(5, 4);
    backend.gather(backend.allocateBytes(2, 4), data, backend.allocateOrder(5), -1);
  },

  "Cannot gather a batch: there are 9 sources, which is no multiple of 4 columns": (backend) => {
    const data = backend.allocateBytes(5, 4);
    const [order, sources] = [backend.allocateOrder(5), backend.allocateOrder(9)];
    backend.gatherTransformed(backend.allocateBytes(2, 4), data, order, 0, sources, 1);
  },
  "Cannot gather a batch: the key is -1, but must be a whole number from 0 to 4294967295": (
    backend,
  ) => {
    const data = backend.allocateBytes(5, 4);
    const [order, sources] = [backend.allocateOrder(5), backend.allocateOrder(8)];
    backend.gatherTransformed(backend.allocateBytes(2, 4), data, order, 0, sources, -1);
  },

  [
    `Cannot take the loss of numbers: the number of the distance is ${DISTANCES.length}, but must be a whole number from 0 to ${
      DISTANCES.length - 1
    }`
  ]: (backend) => {
    const [gradient, logits, targets] = [2, 2, 5].map((rows) => backend.allocate(rows, 3));
    const [losses, order] = [backend.allocate(2, 1), backend.allocateOrder(5)];
    backend.distanceLoss(gradient, losses, logits, targets, order, 0, DISTANCES.length, 1, null);
  },

  "Cannot multiply 2 x 3 by 4 x 5: the columns of the first are not the rows of the second": (
    backend,
  ) => backend.gemm(backend.allocate(2, 5), backend.allocate(2, 3), backend.allocate(4, 5)),
  "Cannot multiply 3 x 2 by 3 x 5: the columns of the first are not the rows of the second": (
    backend,
  ) => {
    const [a, b] = [backend.allocate(2, 3), backend.allocate(3, 5)];
    backend.gemm(backend.allocate(3, 5), a, b, { transposeA: true });
  },
  "Cannot multiply 2 x 3 by 5 x 3: the columns of the first are not the rows of the second": (
    backend,
  ) => {
    const [a, b] = [backend.allocate(2, 3), backend.allocate(3, 5)];
    backend.gemm(backend.allocate(2, 3), a, b, { transposeB: true });
  },
  "Cannot multiply: the output is 2 x 4, but must be 2 x 5": (backend) =>
    backend.gemm(backend.allocate(2, 4), backend.allocate(2, 3), backend.allocate(3, 5)),

  "Cannot add a bias: the bias is 2 x 3, but must be 1 x 3": (backend) => {
    const x = backend.allocate(2, 3);
    backend.addBias(x, x, backend.allocate(2, 3));
  },
  "Cannot add a bias: the bias is 1 x 2, but must be 1 x 3": (backend) => {
    const x = backend.allocate(2, 3);
    backend.addBias(x, x, backend.allocate(1, 2));
  },
  "Cannot add a bias: the output is 3 x 3, but must be 2 x 3": (backend) =>
    backend.addBias(backend.allocate(3, 3), backend.allocate(2, 3), backend.allocate(1, 3)),

  "Cannot apply sigmoid: the output is 3 x 2, but must be 2 x 3": (backend) =>
    backend.activation("sigmoid", backend.allocate(3, 2), backend.allocate(2, 3)),
  "Cannot apply relu: the output is 3 x 2, but must be 2 x 3": (backend) =>
    backend.activation("relu", backend.allocate(3, 2), backend.allocate(2, 3)),
  "Cannot apply tanh: the output is 3 x 2, but must be 2 x 3": (backend) =>
    backend.activation("tanh", backend.allocate(3, 2), backend.allocate(2, 3)),
  "Cannot apply gelu: the output is 3 x 2, but must be 2 x 3": (backend) =>
    backend.activation("gelu", backend.allocate(3, 2), backend.allocate(2, 3)),
  "Cannot take the gradient of leaky-relu: dy is 2 x 2, but must be 2 x 3": (backend) => {
    const y = backend.allocate(2, 3);
    backend.activationGradient("leaky-relu", y, backend.allocate(2, 2), y);
  },
  "Cannot take the gradient of sigmoid: dy is 2 x 2, but must be 2 x 3": (backend) => {
    const y = backend.allocate(2, 3);
    backend.activationGradient("sigmoid", y, backend.allocate(2, 2), y);
  },
  "Cannot take the gradient of relu: dx is 2 x 2, but must be 2 x 3": (backend) => {
    const y = backend.allocate(2, 3);
    backend.activationGradient("relu", backend.allocate(2, 2), y, y);
  },
  "Cannot take the gradient of tanh: dx is 1 x 3, but must be 2 x 3": (backend) => {
    const y = backend.allocate(2, 3);
    backend.activationGradient("tanh", backend.allocate(1, 3), y, y);
  },

  "Cannot take the softmax: the output is 2 x 4, but must be 2 x 3": (backend) =>
    backend.softmax(backend.allocate(2, 4), backend.allocate(2, 3)),
  "Cannot take the cross-entropy: the gradient is 2 x 4, but must be 2 x 3": (backend) =>
    crossEntropy(backend, { gradient: [2, 4] }),
  "Cannot take the cross-entropy: the loss matrix is 5 x 2, but must be 5 x 1": (backend) =>
    crossEntropy(backend, { losses: [5, 2] }),
  "Cannot take the cross-entropy: the label matrix is 5 x 2, but must be 5 x 1": (backend) =>
    crossEntropy(backend, { labels: [5, 2] }),
  "Cannot take the cross-entropy: rows 3 to 5 were asked of the loss matrix, which has 4": (
    backend,
  ) => crossEntropy(backend, { losses: [4, 1], start: 3 }),
  "Cannot take the cross-entropy: rows 3 to 5 were asked of the order, which has 4": (backend) =>
    crossEntropy(backend, { order: 4, start: 3 }),

  "Cannot take the argmax: the output is 2 x 3, but must be 2 x 1": (backend) =>
    backend.argmax(backend.allocate(2, 3), backend.allocate(2, 3), 0),
  "Cannot take the argmax: rows 1 to 3 were asked of the output, which has 2": (backend) =>
    backend.argmax(backend.allocate(2, 1), backend.allocate(2, 3), 1),

  "Cannot count: the output is 1 x 2, but must be 1 x 1": (backend) =>
    countCorrect(backend, { count: [1, 2] }),
  "Cannot count: the class matrix is 4 x 2, but must be 4 x 1": (backend) =>
    countCorrect(backend, { classes: [4, 2] }),
  "Cannot count: the label matrix is 4 x 2, but must be 4 x 1": (backend) =>
    countCorrect(backend, { labels: [4, 2] }),
  "Cannot count: rows 0 to 4 were asked of the order, which has 3": (backend) =>
    countCorrect(backend, { order: 3 }),

  "Cannot take the cross-entropy: the class weight matrix is 1 x 2, but must be 1 x 3": (backend) =>
    crossEntropy(backend, { targets: { classWeights: backend.allocate(1, 2) } }),
  "Cannot take the cross-entropy: the sum of weights is 1 x 3, but must be 1 x 1": (backend) =>
    crossEntropy(backend, { targets: { weightSum: backend.allocate(1, 3) } }),
  "Cannot take the cross-entropy: the smoothing is 1.5, but must be at least 0 and at most 1": (
    backend,
  ) => crossEntropy(backend, { targets: { smoothing: 1.5 } }),
  "Cannot sum class weights: the weight matrix is 2 x 3, but must be 1 x 3": (backend) =>
    sumClassWeights(backend, backend.allocate(2, 3), 2),
  "Cannot sum class weights: rows 1 to 6 were asked of the order, which has 5": (backend) =>
    sumClassWeights(backend, backend.allocate(1, 3), 5),
  "Cannot make a sum of class weights with rows = 0: it must be a whole number of at least 1": (
    backend,
  ) => sumClassWeights(backend, backend.allocate(1, 3), 0),

  "Cannot drop out: the output is 3 x 2, but must be 2 x 3": (backend) =>
    backend.dropout(backend.allocate(3, 2), backend.allocate(2, 3), 0.5, 0, 0),
  "Cannot drop out: the rate is 1, but must be at least 0 and below 1": (backend) => {
    const x = backend.allocate(2, 3);
    backend.dropout(x, x, 1, 0, 0);
  },
  "Cannot normalize a batch: it has one row, and must have two at least": (backend) =>
    batchNorm(backend, { x: [1, 3] }),
  "Cannot normalize a batch: the output is 3 x 3, but must be 2 x 3": (backend) =>
    batchNorm(backend, { y: [3, 3] }),
  "Cannot normalize a batch: the matrix of statistics is 1 x 3, but must be 2 x 3": (backend) =>
    batchNorm(backend, { statistics: [1, 3] }),
  "Cannot normalize a batch: the matrix of running statistics is 2 x 4, but must be 2 x 3": (
    backend,
  ) => batchNorm(backend, { running: [2, 4] }),
  "Cannot normalize a batch: the weight is 2 x 3, but must be 1 x 3": (backend) =>
    batchNorm(backend, { weight: [2, 3] }),
  "Cannot normalize a batch: the bias is 1 x 2, but must be 1 x 3": (backend) =>
    batchNorm(backend, { bias: [1, 2] }),
  "Cannot take the gradient of batch normalization: it has one row, and must have two at least": (
    backend,
  ) => batchNormGradient(backend, { x: [1, 3] }),
  "Cannot take the gradient of batch normalization: dx is 2 x 2, but must be 2 x 3": (backend) =>
    batchNormGradient(backend, { dx: [2, 2] }),
  "Cannot take the gradient of batch normalization: dweight is 2 x 3, but must be 1 x 3": (
    backend,
  ) => batchNormGradient(backend, { dweight: [2, 3] }),
  "Cannot take the gradient of batch normalization: dy is 3 x 3, but must be 2 x 3": (backend) =>
    batchNormGradient(backend, { dy: [3, 3] }),

  "Cannot sum columns: the output is 2 x 3, but must be 1 x 3": (backend) =>
    backend.columnSums(backend.allocate(2, 3), backend.allocate(2, 3)),
  "Cannot update weights: the gradient is 3 x 2, but must be 2 x 3": (backend) =>
    backend.update(
      "sgd",
      backend.allocate(2, 3),
      [backend.allocate(2, 3)],
      backend.allocate(3, 2),
      SGD,
    ),
  "Cannot update weights: the residual is 3 x 2, but must be 2 x 3": (backend) =>
    backend.update(
      "sgd",
      backend.allocate(2, 3),
      [backend.allocate(3, 2)],
      backend.allocate(2, 3),
      SGD,
    ),
  "Cannot update weights: the scale is 1 x 2, but must be 1 x 1": (backend) => {
    const [w, residual, dw, scale] = update(backend, { scale: [1, 2] });
    backend.update("sgd", w, [residual], dw, SGD, scale);
  },
  "Cannot update weights: the velocity is 3 x 2, but must be 2 x 3": (backend) => {
    const [w, velocity, dw, scale] = update(backend, { slot: [3, 2] });
    backend.update("momentum", w, [velocity, dw], dw, MOMENTUM, scale);
  },
  "Cannot update weights: the mean is 2 x 2, but must be 2 x 3": (backend) => {
    const [w, mean, dw, scale] = update(backend, { slot: [2, 2] });
    backend.update("adam", w, [mean, dw], dw, ADAM, scale);
  },
  "Cannot update weights: the mean square is 1 x 3, but must be 2 x 3": (backend) => {
    const [w, square, dw, scale] = update(backend, { slot: [1, 3] });
    backend.update("rmsprop", w, [square], dw, RMSPROP, scale);
  },
  "Cannot sum squares: the output is 4 x 2, but must be 4 x 1": (backend) =>
    backend.rowSquares(backend.allocate(4, 2), backend.allocate(2, 3), 0),
  "Cannot sum squares: rows 3 to 5 were asked of the output, which has 4": (backend) =>
    backend.rowSquares(backend.allocate(4, 1), backend.allocate(2, 3), 3),
  "Cannot clip gradients: the output is 2 x 1, but must be 1 x 1": (backend) =>
    backend.clipScale(backend.allocate(2, 1), backend.allocate(4, 1), 1),
  "Cannot clip gradients: the sum matrix is 4 x 2, but must be 4 x 1": (backend) =>
    backend.clipScale(backend.allocate(1, 1), backend.allocate(4, 2), 1),
};

const SGD = { learningRate: 0.1, l1: 0, l2: 0 };
const RMSPROP = { learningRate: 0.1, rate: 0.1, epsilon: 1e-8, l1: 0, l2: 0 };
const MOMENTUM = { learningRate: 0.1, momentum: 0.9, nesterov: false, l1: 0, l2: 0 };
const ADAM = {
  stepSize: 0.1,
  correction: 1,
  rate1: 0.1,
  rate2: 0.1,
  epsilon: 1e-8,
  decay: 0,
  l1: 0,
  l2: 0,
};

/** w, a slot, dw and the scale of an update, right but for what is given. */
function update(backend: Backend, wrong: { slot?: Shape; scale?: Shape }) {
  const { slot = [2, 3], scale = [1, 1] } = wrong;
  const shapes: Shape[] = [[2, 3], slot, [2, 3], scale];
  return shapes.map((shape) => backend.allocate(...shape));
}

type Shape = readonly [rows: number, columns: number];

/** The cross-entropy of two rows of three logits, right but for what is given. */
function crossEntropy(
  backend: Backend,
  wrong: {
    gradient?: Shape;
    losses?: Shape;
    labels?: Shape;
    order?: number;
    start?: number;
    targets?: { smoothing?: number; classWeights?: Matrix; weightSum?: Matrix };
  },
): void {
  const { gradient = [2, 3], losses = [5, 1], labels = [5, 1], order = 5, start = 0 } = wrong;
  const { targets } = wrong;
  const given = [
    backend.allocate(...gradient),
    backend.allocate(...losses),
    backend.allocate(2, 3),
    backend.allocateBytes(...labels),
    backend.allocateOrder(order),
    start,
  ] as const;
  if (!targets) return backend.softmaxCrossEntropy(...given);
  const {
    smoothing = 0.1,
    classWeights = backend.allocate(1, 3),
    weightSum = backend.allocate(1, 1),
  } = targets;
  backend.weightedCrossEntropy(...given, classWeights, weightSum, smoothing);
}

/** The weights of `rows` of five rows, from the second on. */
function sumClassWeights(backend: Backend, classWeights: Matrix, rows: number): void {
  const labels = backend.allocateBytes(5, 1);
  const order = backend.allocateOrder(5);
  backend.sumClassWeights(backend.allocate(1, 1), classWeights, labels, order, 1, rows);
}

/** Two rows of three values normalized, right but for what is given. */
function batchNorm(
  backend: Backend,
  wrong: {
    x?: Shape;
    y?: Shape;
    statistics?: Shape;
    running?: Shape;
    weight?: Shape;
    bias?: Shape;
  },
): void {
  const { x = [2, 3], y = x, statistics = [2, 3], running = [2, 3] } = wrong;
  const { weight = [1, 3], bias = [1, 3] } = wrong;
  const [a, b, c, d, e, f] = [y, statistics, running, x, weight, bias]
    .map((shape) => backend.allocate(...shape));
  backend.batchNormForward(a, b, c, d, e, f, 0.1, 1e-5);
}

/** The gradient of that, right but for what is given. */
function batchNormGradient(
  backend: Backend,
  wrong: { x?: Shape; dx?: Shape; dweight?: Shape; dy?: Shape },
): void {
  const { x = [2, 3], dx = x, dweight = [1, 3], dy = x } = wrong;
  const [a, b, c, d, e] = [dx, dweight, [1, 3] as Shape, dy, x]
    .map((shape) => backend.allocate(...shape));
  backend.batchNormBackward(a, b, c, d, e, backend.allocate(2, 3), backend.allocate(1, 3));
}

/** The count of four classes, right but for what is given. */
function countCorrect(
  backend: Backend,
  wrong: { count?: Shape; classes?: Shape; labels?: Shape; order?: number },
): void {
  const { count = [1, 1], classes = [4, 1], labels = [4, 1], order = 4 } = wrong;
  backend.countCorrect(
    backend.allocate(...count),
    backend.allocate(...classes),
    backend.allocateBytes(...labels),
    backend.allocateOrder(order),
  );
}

/** Calls of every kernel with two arguments, one of them written, that are one matrix, or overlap by a row. */
for (const call of TABLE_CALLS) {
  Deno.test(`arguments that overlap are refused, but where one may be the other: ${call.name}`, async () => {
    using backend = await createBackend({ backend: "reference" });
    const shapes = call.kernel.args.map((argument) =>
      argument.kind === "float32" ? shapeOf(argument as MatrixArgument, 3) : null
    );
    for (const [at, argument] of call.kernel.args.entries()) {
      if (argument.kind !== "float32" || (argument as MatrixArgument).access === "in") continue;
      for (const [otherAt, other] of call.kernel.args.entries()) {
        const [shape, otherShape] = [shapes[at]!, shapes[otherAt]];
        if (at === otherAt || !otherShape || shape[1] !== otherShape[1]) continue;
        const mayBe = [(argument as MatrixArgument).mayBe, (other as MatrixArgument).mayBe];
        for (const shift of [0, 1]) {
          const whole = backend.allocate(8, shape[1]);
          const args = argumentsOf(
            backend,
            call.kernel,
            3,
            (argument, i) =>
              i === at
                ? backend.view(whole, 0, shape[0])
                : i === otherAt
                ? backend.view(whole, Math.min(shift, shape[0] - 1), otherShape[0])
                : backend.allocate(...shapeOf(argument, 3)),
          );
          const isSame = args[at] === args[otherAt] || shape[0] === 1 || shift === 0;
          const allowed = isSame && shape[0] === otherShape[0] &&
            (mayBe[0] === other.name || mayBe[1] === argument.name);
          if (allowed) call.run(backend, args);
          else {
            assert.throws(() => call.run(backend, args), (error) => {
              assert(error instanceof ShapeError && / overlaps /.test(error.message), `${error}`);
              return true;
            }, `${argument.name} and ${other.name}`);
          }
        }
      }
    }
  });
}

Deno.test("a product whose output overlaps an operand is refused", async () => {
  using backend = await createBackend({ backend: "reference" });
  const [c, other] = [backend.allocate(2, 2), backend.allocate(2, 2)];
  const message = "Cannot multiply: the output overlaps an operand, and may not";
  assert.throws(() => backend.gemm(c, c, other), { message });
  assert.throws(() => backend.gemm(c, other, c), { message });
});

Deno.test("what there is no activation or update of is refused by name", async () => {
  using backend = await createBackend({ backend: "reference" });
  const x = backend.allocate(1, 1);
  assert.throws(
    () => backend.activation("softplus" as "relu", x, x),
    {
      message:
        'Cannot apply the activation "softplus": give sigmoid or relu or tanh or leaky-relu or gelu',
    },
  );
  assert.throws(
    () => backend.update("adagrad" as "sgd", x, [x], x, SGD),
    {
      message:
        'Cannot update weights by the rule "adagrad": give sgd or momentum or adam or rmsprop',
    },
  );
});

Deno.test("what is right in every shape is not refused", async () => {
  using backend = await createBackend({ backend: "reference" });
  crossEntropy(backend, {});
  crossEntropy(backend, { start: 3 });
  crossEntropy(backend, { targets: {} });
  sumClassWeights(backend, backend.allocate(1, 3), 4);
  batchNorm(backend, {});
  batchNormGradient(backend, {});
  countCorrect(backend, {});
  countCorrect(backend, { order: 9 });
});

Deno.test("every back end that can be made is checked", async () => {
  for (const kind of ["reference", "wasm", "auto"] as const) {
    using backend = await createBackend({ backend: kind });
    assert.throws(() => backend.allocate(0, 1), ShapeError);
  }
});

for (const [line, call] of Object.entries(REFUSED)) {
  Deno.test(`a call is refused: ${line}`, async () => {
    using backend = await createBackend({ backend: "reference" });
    assert.throws(() => call(backend), (error) => {
      assert(error instanceof ShapeError, `a ShapeError, and not ${error}`);
      assert.equal(error.message, line);
      return true;
    });
  });
}

/** Updates of tensors with momentum, adam and rmsprop; and of all of them, sgd too, with scaled gradients. */
import assert from "node:assert/strict";
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { agree, type Program, runReference, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { exact } from "./tolerance.ts";
import { adam, momentum, rmsprop, type Start, type Update } from "./updates.ts";
import { LENGTHS, normals } from "./values.ts";

const NO_PENALTY = { l1: 0, l2: 0 };
const FIRST = { stepSize: 0.01, correction: 30, rate1: 0.1, rate2: 0.001, epsilon: 1e-8 };

const PLAIN: readonly Update[] = [
  momentum({ learningRate: 0.1, momentum: 0.9, nesterov: false, ...NO_PENALTY }),
  momentum({ learningRate: 0.1, momentum: 0.9, nesterov: true, ...NO_PENALTY }),
  adam({ ...FIRST, decay: 0, ...NO_PENALTY }),
  rmsprop({ learningRate: 0.01, rate: 0.01, epsilon: 1e-8, ...NO_PENALTY }),
];

const PENALIZED: readonly Update[] = [
  momentum({ learningRate: 0.3, momentum: 0.5, nesterov: false, l1: 0.3, l2: 0.7 }),
  momentum({ learningRate: 0.3, momentum: 0, nesterov: true, l1: 0.01, l2: 0 }),
  adam({ ...FIRST, correction: 1.5, epsilon: 0.1, decay: 0.01, l1: 0.3, l2: 0.7 }),
  adam({ ...FIRST, rate1: 0.5, rate2: 0.5, decay: 0.5, l1: 0, l2: 0.02 }),
  rmsprop({ learningRate: 0.1, rate: 0.5, epsilon: 0.1, l1: 0.3, l2: 0.7 }),
];

/** Runs `update` once; w and the slots come out. */
function once({ call }: Update, { w, slots, dw, scale }: Start): Program {
  return (rig) => {
    const row = (values: ArrayLike<number>) => rig.matrix(1, values.length, values);
    const [weights, kept] = [row(w), slots.map(row)];
    const factor = scale === null ? null : rig.matrix(1, 1, [scale]);
    call(rig.backend, weights, kept, row(dw), factor);
    return [weights, ...kept];
  };
}

/** Somewhere in training: slots that have been through some steps. */
function somewhere({ slots, squares }: Update, length: number, scale: number | null): Start {
  return {
    w: normals(length, 1),
    slots: Array.from({ length: slots }, (_, s) => {
      const values = normals(length, 10 + s);
      return squares.includes(s) ? values.map((value) => value * value) : values;
    }),
    dw: normals(length, 2),
    scale,
  };
}

function nothing({ slots }: Update, w: ArrayLike<number>, dw: ArrayLike<number>): Start {
  const zeros = new Float32Array(w.length);
  return { w, slots: Array.from({ length: slots }, () => zeros), dw, scale: null };
}

/** Updates tensors of many sizes in a row, by several kernels, some of them twice and some scaled. */
async function updateInTurn(
  backend: Backend,
  updates: readonly Update[],
  afterEach: (w: Matrix) => Promise<unknown>,
): Promise<Float32Array[]> {
  const scale = backend.allocate(1, 1);
  backend.write(scale, new Float32Array([0.37]));
  const matrix = (values: Float32Array<ArrayBuffer>) => {
    const made = backend.allocate(1, values.length);
    backend.write(made, values);
    return made;
  };
  const tensors = LENGTHS.map((length, i) => ({
    w: matrix(normals(length, i)),
    slots: [1, 2].map((s) => matrix(normals(length, 10 * s + i).map(Math.abs))),
    dw: matrix(normals(length, i + 100)),
  }));
  for (const i of [...tensors.keys(), 3, 4, 3, 0, 0]) {
    const { w, slots, dw } = tensors[i];
    const { call } = updates[Math.floor(i / 5) % updates.length];
    call(backend, w, slots, dw, i % 7 > 3 ? scale : null);
    await afterEach(w);
  }
  const results: Float32Array[] = [];
  for (const { w, slots } of tensors) {
    for (const each of [w, ...slots]) results.push(await backend.read(each));
  }
  return results;
}

export const updateCases: Cases = {
  "momentum is as by hand, with and without looking ahead": async (backend) => {
    const start = {
      w: [1, -2, 0, 8],
      slots: [[2, 0, -4, NaN], [0, 0, 0, 0]],
      dw: [1, 0.5, 0, 1],
      scale: null,
    };
    const step = { learningRate: 0.5, momentum: 0.5, l1: 0.25, l2: 0.5 };
    // Gradients 1.75, -0.75, 0 and 5.25.
    const speed = [2.75, -0.75, -2, NaN];
    const kept = [0, 0, 0, NaN];
    const plain = momentum({ ...step, nesterov: false });
    const moved = [-0.375, -1.625, 1, NaN];
    await yields(backend, once(plain, start), [moved, speed, kept], exact, exact, exact);
    const ahead = momentum({ ...step, nesterov: true });
    const movedAhead = [-0.5625, -1.4375, 0.5, NaN];
    await yields(backend, once(ahead, start), [movedAhead, speed, kept], exact, exact, exact);
  },

  "momentum of 0 is sgd": async (backend) => {
    const step = { learningRate: 0.1, momentum: 0, nesterov: false, l1: 0.01, l2: 0.02 };
    const update = momentum(step);
    const start = nothing(update, normals(37, 1), normals(37, 2));
    const [w, residual] = await runReference((rig) => {
      const matrices = [start.w, start.slots[1], start.dw].map((each) => rig.matrix(1, 37, each));
      const [w, residual, dw] = matrices;
      rig.backend.update("sgd", w, [residual], dw, step);
      return [w, residual];
    });
    const [, velocity] = await runReference(once(update, start));
    const expected = [w, velocity, residual];
    await yields(backend, once(update, start), expected, ...update.bounds(start));
  },

  "adam is as by hand": async (backend) => {
    const start = { w: [1, -2, 0], slots: [[0, 2, 0], [0, 2, 0]], dw: [4, 2, 0], scale: null };
    const step = { stepSize: 0.5, correction: 0.5, rate1: 0.5, rate2: 0.25, epsilon: 1 };
    // Means 2, 2, 0; squares 4, 2.5, 0; divisors 2, 1.79, 1; and an eighth of w decays.
    const update = adam({ ...step, decay: 0.125, l1: 0, l2: 0 });
    const second = -2 + 0.25 - 0.5 * 2 / (0.5 * Math.sqrt(2.5) + 1);
    const expected = [[1 - 0.125 - 0.5, second, 0], [2, 2, 0], [4, 2.5, 0]];
    await yields(backend, once(update, start), expected, ...update.bounds(start));
  },

  "rmsprop is as by hand": async (backend) => {
    const start = { w: [1, -2, 0], slots: [[0, 3, 0]], dw: [4, -1, 0], scale: null };
    const update = rmsprop({ learningRate: 0.5, rate: 0.25, epsilon: 1, l1: 0, l2: 0 });
    const second = -2 + 0.5 / (Math.sqrt(2.5) + 1);
    const expected = [[1 - 2 / 3, second, 0], [4, 2.5, 0]];
    await yields(backend, once(update, start), expected, ...update.bounds(start));
  },

  "updates take any number of weights, with penalties and scale": async (backend) => {
    for (const update of [...PLAIN, ...PENALIZED]) {
      for (const [i, length] of LENGTHS.entries()) {
        const start = somewhere(update, length, i % 2 ? Math.fround(0.3) : null);
        await agree(backend, once(update, start), ...update.bounds(start));
      }
    }
  },

  "updates without gradient, penalty and past leave every weight as it is": async (backend) => {
    for (const update of PLAIN) {
      const start = nothing(update, normals(37, 3), new Float32Array(37));
      const bounds = Array.from({ length: 1 + update.slots }, () => exact);
      await yields(backend, once(update, start), [start.w, ...start.slots], ...bounds);
    }
  },

  "updates carry infinities, from which a run diverges": async (backend) => {
    for (const update of PENALIZED) {
      const start = nothing(update, [Infinity, 1, 1, NaN], [0, Infinity, NaN, 1]);
      await agree(backend, once(update, start), ...Array(1 + update.slots).fill(exact));
    }
  },

  "a scale of 1 changes nothing, and one that is no number reaches every weight": async (
    backend,
  ) => {
    for (const update of PENALIZED) {
      const start = somewhere(update, 37, null);
      const expected = await runReference(once(update, start));
      const program = once(update, { ...start, scale: 1 });
      await yields(backend, program, expected, ...update.bounds(start));
      const lost = { ...somewhere(update, 5, NaN), w: [1, 2, 3, 4, 5] };
      await agree(backend, once(update, lost), ...Array(1 + update.slots).fill(exact));
    }
  },

  "sgd takes a scale": async (backend) => {
    const program: Program = (rig) => {
      const [w, residual] = [rig.matrix(1, 2, [1, 2]), rig.matrix(1, 2, [0, 0])];
      const [dw, scale] = [rig.matrix(1, 2, [4, -8]), rig.matrix(1, 1, [0.25])];
      rig.backend.update("sgd", w, [residual], dw, { learningRate: 0.5, l1: 1, l2: 0 }, scale);
      return [w, residual];
    };
    // The penalty is not scaled.
    await yields(backend, program, [[0, 2.5], [0, 0]], exact, exact);
  },

  "updates of many tensors in a row are as of each by itself": async (backend) => {
    for (const updates of [...PENALIZED.map((update) => [update]), PLAIN]) {
      const inRow = await updateInTurn(backend, updates, () => Promise.resolve());
      const alone = await updateInTurn(backend, updates, (w) => backend.read(w));
      assert.deepEqual(inRow, alone);
    }
  },

  "updates take gradient and scale from other rows of the weights' own matrix": async (backend) => {
    for (const update of PENALIZED) {
      const [start, scale] = [somewhere(update, 1, Math.fround(0.7)), Math.fround(0.7)];
      const program: Program = (rig) => {
        const all = rig.matrix(3, 1, [start.w[0], start.dw[0], scale]);
        const row = (i: number) => rig.backend.view(all, i, 1);
        const kept = start.slots.map((values) => rig.matrix(1, 1, values));
        update.call(rig.backend, row(0), kept, row(1), row(2));
        return [all, ...kept];
      };
      const [w, ...slots] = update.bounds(start);
      await agree(backend, program, (value, i) => i === 0 ? w(value, i) : 0, ...slots);
    }
  },
};

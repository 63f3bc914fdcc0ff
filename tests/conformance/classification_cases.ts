/** The predicted class of each row, and how many are right. */
import { agree, type Program, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { exact } from "./tolerance.ts";
import { LENGTHS, wholeNumbers } from "./values.ts";

/** `start` rows before those of the batch, and one after, are not the batch's to write. */
function argmax(rows: number, columns: number, z: ArrayLike<number>, start = 2): Program {
  return (rig) => {
    const classes = rig.output(start + rows + 1, 1);
    rig.backend.argmax(classes, rig.matrix(rows, columns, z), start);
    return [classes];
  };
}

function countCorrect(
  classes: ArrayLike<number>,
  labels: ArrayLike<number>,
  order: readonly number[],
): Program {
  return (rig) => {
    const count = rig.output(1, 1);
    const predicted = rig.matrix(classes.length, 1, classes);
    const bytes = rig.bytes(labels.length, 1, labels);
    rig.backend.countCorrect(count, predicted, bytes, rig.order(order));
    return [count];
  };
}

export const classificationCases: Cases = {
  "argmax finds the largest as by hand, and of equals the first": async (backend) => {
    const rows = [
      [1, 2, 3, 0, 0],
      [3, 3, 1, 3, 2],
      [-5, -4, -3, -3, -9],
      [0, -0, 0, 0, 0],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [0, 1, 1e38, Infinity, Infinity],
    ];
    const expected = [NaN, NaN, 2, 0, 2, 0, 0, 3, NaN];
    await yields(backend, argmax(6, 5, rows.flat()), [expected], exact);
  },

  "argmax takes any number of rows and columns": async (backend) => {
    for (const columns of LENGTHS) {
      for (const rows of [1, 2, 5, 37]) {
        // Few different values, so that many are equal.
        await agree(backend, argmax(rows, columns, wholeNumbers(rows * columns, 3, 5)), exact);
      }
    }
  },

  "argmax passes over what is not a number": async (backend) => {
    const z = [1, NaN, 2, NaN, 3, NaN, NaN, NaN, NaN];
    await agree(backend, argmax(3, 3, z), exact);
  },

  "countCorrect counts as by hand, by the order of the rows": async (backend) => {
    const labels = [9, 0, 255, 3];
    await yields(backend, countCorrect([3, 255, 0, 9], labels, [3, 2, 1, 0]), [[4]], exact);
    await yields(backend, countCorrect([3, 255, 1, 8], labels, [3, 2, 1, 0]), [[2]], exact);
    await yields(backend, countCorrect([0, 0, 0], labels, [1, 1, 2, 1]), [[2]], exact);
    await yields(backend, countCorrect([7], labels, [0]), [[0]], exact);
  },

  "countCorrect takes any number of rows": async (backend) => {
    for (const rows of [...LENGTHS, 5000]) {
      const order = [...wholeNumbers(rows + 1, 1, 40)];
      const [labels, classes] = [wholeNumbers(40, 2, 3), wholeNumbers(rows, 3, 3)];
      await agree(backend, countCorrect(classes, labels, order), exact);
    }
  },
};

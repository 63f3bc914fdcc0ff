/** Tables for the benchmark that nothing was chosen by: each asks for something else of what learns from it. */
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";

/** A CSV text of `rows` rows, whose last column is `target`. */
type Made = (random: NumpyRandomState) => {
  readonly rows: number;
  readonly columns: number;
  /** A row's cells and its target. */
  readonly row: () => readonly [readonly (number | string)[], number | string];
};

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, v, i) => sum + v * b[i], 0);

/** A line through much noise: whoever learns more than the line is worse. */
const linear: Made = (random) => {
  const normal = () => random.normal();
  const weights = draws(12, normal);
  const row = () => {
    const x = draws(12, normal);
    return [x, dot(x, weights) + 2.5 * normal()] as const;
  };
  return { rows: 400, columns: 12, row };
};

/** Friedman's first function, of five columns in ten. */
const curved: Made = (random) => ({
  rows: 2000,
  columns: 10,
  row() {
    const x = draws(10, () => random.randomSample());
    const y = 10 * Math.sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4];
    return [x, y + random.normal()];
  },
});

/** A chessboard of two columns in six: linear models guess. */
const board: Made = (random) => ({
  rows: 20000,
  columns: 6,
  row() {
    const x = draws(6, () => 2 * random.randomSample() - 1);
    const isBlack = (Math.floor(x[0] * 2) + Math.floor(x[1] * 2)) % 2 !== 0;
    return [x, isBlack !== random.randomSample() < 0.05 ? "black" : "white"];
  },
});

/** Categories alone, whose effects add up. */
const categories: Made = (random) => {
  const effects = draws(5 * 12, () => random.normal());
  return {
    rows: 1500,
    columns: 5,
    row() {
      const levels = draws(5, () => Math.floor(12 * random.randomSample()));
      const sum = levels.reduce((sum, level, i) => sum + effects[i * 12 + level], 0);
      return [levels.map((level) => `level ${level}`), 10 * sum + 10 * random.normal()];
    },
  };
};

/** Few rows of many columns, all of them of a few causes. */
const wide: Made = (random) => {
  const normal = () => random.normal();
  const loadings = draws(4, () => 0).map(() => draws(100, normal));
  const row = () => {
    const causes = draws(4, normal);
    const x = draws(100, normal).map((noise, j) =>
      dot(causes, loadings.map((of) => of[j])) + 0.5 * noise
    );
    return [x, causes[0] + 0.5 * causes[1] + 0.3 * normal()] as const;
  };
  return { rows: 120, columns: 100, row };
};

/** One row in forty is a yes. */
const rare: Made = (random) => ({
  rows: 8000,
  columns: 10,
  row() {
    const x = draws(10, () => random.normal());
    const logit = -5.6 + 1.2 * x[0] + (x[2] > 0 ? x[1] : 0) + 0.8 * Math.max(x[3], 0) ** 2;
    return [x, random.randomSample() < 1 / (1 + Math.exp(-logit)) ? "yes" : "no"];
  },
});

export const MADE = { linear, curved, board, categories, wide, rare };

/** The CSV text of one of them. */
export function madeTable(name: keyof typeof MADE): string {
  const { rows, columns, row } = MADE[name](new NumpyRandomState(7));
  const heads = [...draws(columns, () => 0).map((_, i) => `x${i}`), "target"];
  const lines = Array.from({ length: rows }, () => row().flat().join());
  return [heads.join(), ...lines, ""].join("\n");
}

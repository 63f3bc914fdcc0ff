/**
 * How good predictions are, from counts alone.
 *
 * Glossary: N rows, O classes. A confusion matrix is O x O counts: a row for each true class, a
 * column for each predicted one, so its diagonal counts the rows that were predicted right.
 */

/** O x O counts; `confusion[trueClass][predictedClass]`. */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * How well one class is recognized; fractions from 0 to 1, all null where the class is absent: no row is of it, and none was
 * predicted to be.
 */
export interface ClassMetrics {
  /** Of the class. */
  readonly name: string;
  /** Of the rows predicted to be of this class, the fraction that truly are. */
  readonly precision: number | null;
  /** Of the rows truly of this class, the fraction predicted to be. */
  readonly recall: number | null;
  /** The harmonic mean of precision and recall. */
  readonly f1: number | null;
  /** Rows truly of this class. */
  readonly support: number;
}

/**
 * Counts how often each class was predicted for each class.
 *
 * @param labels N true classes, each below `classes`.
 * @param predicted N predicted classes, each below `classes`.
 * @param classes O.
 * @throws {RangeError} If there are not as many predictions as labels, or one of them is no class.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  if (labels.length !== predicted.length) {
    throw new RangeError(
      `Cannot compare ${labels.length} labels with ${predicted.length} predictions`,
    );
  }
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < labels.length; row++) {
    const trueClass = labels[row];
    const predictedClass = predicted[row];
    if (!isClass(trueClass, classes) || !isClass(predictedClass, classes)) {
      throw new RangeError(
        `Cannot count row ${row}: label ${trueClass}, prediction ${predictedClass}, ` +
          `${classes} classes`,
      );
    }
    confusion[trueClass][predictedClass]++;
  }
  return confusion;
}

/** The fraction of rows that were predicted right; 0 where there are no rows. */
export function accuracy(confusion: ConfusionMatrix): number {
  const right = confusion.map((counts, trueClass) => counts[trueClass]);
  return ratio(sum(right), sum(confusion.map(sum)));
}

/**
 * Precision, recall and F1 of each class. A fraction of nothing is 0, as in scikit-learn: a class
 * that is never predicted has a precision of 0. But of a class that is neither in the labels nor
 * predicted there is nothing to say, and no mean counts it.
 *
 * @param confusion O x O.
 * @param classNames O names.
 * @returns O entries, in the order of the classes.
 */
export function perClassMetrics(
  confusion: ConfusionMatrix,
  classNames: readonly string[],
): ClassMetrics[] {
  return classNames.map((name, index) => {
    const right = confusion[index][index];
    const support = sum(confusion[index]);
    const timesPredicted = sum(confusion.map((counts) => counts[index]));
    if (support + timesPredicted === 0) {
      return { name, precision: null, recall: null, f1: null, support };
    }
    return {
      name,
      precision: ratio(right, timesPredicted),
      recall: ratio(right, support),
      // The harmonic mean without its intermediate divisions, which round.
      f1: ratio(2 * right, support + timesPredicted),
      support,
    };
  });
}

/** The unweighted mean of the classes' F1, but for absent classes, as in scikit-learn; 0 where there are none. */
export function macroF1(perClass: readonly ClassMetrics[]): number {
  const present = perClass.map(({ f1 }) => f1).filter((f1) => f1 !== null);
  return ratio(sum(present), present.length);
}

function isClass(value: number, classes: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < classes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * Scores in order, equal ones together. Positives and negatives are sorted apart, each without a comparison in JavaScript,
 * and then merged: an order of row numbers takes eight times the memory, and ten million rows some ten seconds.
 */

/** Rows of one score. */
export interface EqualScores {
  /** Rows with a lower score (with a higher one where scores fall). */
  readonly first: number;
  readonly rows: number;
  /** Positives among them. */
  readonly gained: number;
}

export class RankedScores {
  readonly #yes: Float64Array;
  readonly #no: Float64Array;

  /** @param positive a number for each score, 0 for a negative */
  constructor(scores: Float64Array, positive: Uint8Array) {
    let positives = 0;
    for (let i = 0; i < scores.length; i++) if (positive[i] !== 0) positives++;
    this.#yes = new Float64Array(positives);
    this.#no = new Float64Array(scores.length - positives);
    let [yes, no] = [0, 0];
    for (let i = 0; i < scores.length; i++) {
      if (positive[i] !== 0) this.#yes[yes++] = scores[i];
      else this.#no[no++] = scores[i];
    }
    this.#yes.sort();
    this.#no.sort();
  }

  get positives(): number {
    return this.#yes.length;
  }

  get negatives(): number {
    return this.#no.length;
  }

  /** From the lowest score on. */
  *rising(): Generator<EqualScores, void, void> {
    const [yes, no] = [this.#yes, this.#no];
    for (let i = 0, j = 0; i < yes.length || j < no.length;) {
      const first = i + j;
      const start = i;
      // Beyond the end, an element is undefined, and no comparison with it is true.
      const score = i < yes.length && !(no[j] < yes[i]) ? yes[i++] : no[j++];
      while (yes[i] === score) i++;
      while (no[j] === score) j++;
      yield { first, rows: i + j - first, gained: i - start };
    }
  }

  /** From the highest score on. */
  *falling(): Generator<EqualScores, void, void> {
    const [yes, no] = [this.#yes, this.#no];
    const all = yes.length + no.length;
    for (let i = yes.length - 1, j = no.length - 1; i >= 0 || j >= 0;) {
      const left = i + j + 2;
      const start = i;
      const score = i >= 0 && !(no[j] > yes[i]) ? yes[i--] : no[j--];
      while (yes[i] === score) i--;
      while (no[j] === score) j--;
      yield { first: all - left, rows: left - (i + j + 2), gained: start - i };
    }
  }
}

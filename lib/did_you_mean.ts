/** What somebody may have meant who wrote a name that there is not. */

/**
 * The nearest of `names`: the same but for capitals and signs ("learningRate", "--learning-rate"), or at most a third of
 * its letters off; null where none is.
 */
export function didYouMean(name: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const wanted = letters(name).slice(0, 100);
  const distances = names.map((known) => editDistance(wanted, letters(known)));
  const best = distances.indexOf(Math.min(...distances));
  return distances[best] <= letters(names[best]).length / 3 ? names[best] : null;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\d]/gu, "");
}

/** Letters to put in, take out or replace to get from one to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

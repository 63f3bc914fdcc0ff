/** How people order and compare names with numbers in them. */
import { printableList, quote, type Refuse } from "./import_refusal.ts";

/** Names as people order them: numbers by their value, all else by its characters. */
export function compareNaturally(a: string, b: string): number {
  const [partsA, partsB] = [a, b].map((name) => name.split(/(\d+)/));
  // Texts and numbers take turns, from a text on, so parts at one place are of one kind.
  for (let i = 0; i < Math.min(partsA.length, partsB.length); i++) {
    const order = i % 2 === 0
      ? compareTexts(partsA[i], partsB[i])
      : compareNumbers(partsA[i], partsB[i]);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length || compareTexts(a, b);
}

/** A name without its numbers. */
export function wordsOf(name: string): string {
  return name.replace(/\d+/g, "#");
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As texts, because a hostile name may have more digits than a number. */
function compareNumbers(a: string, b: string): number {
  const [plainA, plainB] = [a, b].map((digits) => digits.replace(/^0+(?=\d)/, ""));
  return plainA.length - plainB.length || compareTexts(plainA, plainB);
}

/**
 * Two layers of one shape could change places unnoticed. Numbers tell which is first; other words do
 * not: `hidden` comes before `input`.
 */
export function refuseTwins(
  layers: readonly { readonly name: string; readonly shape: readonly number[] }[],
  refuse: Refuse,
): void {
  const seen = new Map<string, string>();
  for (const { name, shape } of layers) {
    const text = shape.join(", ");
    const twin = seen.get(text);
    if (twin !== undefined && wordsOf(twin) !== wordsOf(name)) {
      refuse(
        `layers ${quote(twin)} and ${quote(name)} both are [${text}], and their ` +
          "names do not tell which is first; give the order from the input side with --layers; " +
          `its layers are ${printableList(layers.map(({ name }) => name))}`,
      );
    }
    seen.set(text, name);
  }
}

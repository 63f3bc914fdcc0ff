/** Gaps of the templates that `export` writes. */

/** Stands in templates for a value, as the text of a string. */
const GAPS = {
  origins: "WEFT_ALLOWED_ORIGINS",
  model: "WEFT_MODEL",
  relaxed: "WEFT_RELAXED_KERNELS",
  strict: "WEFT_STRICT_KERNELS",
} as const;

export type Gap = keyof typeof GAPS;

/** A module whose default export is a gap. */
export function gapModule(gap: Gap): { contents: string; loader: "js" | "text" } {
  return { contents: `export default "${GAPS[gap]}";`, loader: "js" };
}

/** @returns the template with values, as JSON writes them, in all places of their gaps */
export function filled(template: string, values: Readonly<Partial<Record<Gap, unknown>>>): string {
  return Object.entries(values).reduce((text, [gap, value]) => {
    const json = JSON.stringify(value);
    return text.replaceAll(new RegExp(`(["'\`])${GAPS[gap as Gap]}\\1`, "g"), () => json);
  }, template);
}

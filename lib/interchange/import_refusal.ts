/** Names and shapes from a file, as errors about it show them: on one line and short, whatever they hold. */

/** Says why a file cannot be imported. */
export type Refuse = (reason: string) => never;

/** Names of layers or tensors to show. */
const SHOWN = 8;

export function printableList(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => quote(name).slice(1, -1));
  return shown.join(",") + (names.length > SHOWN ? ",..." : "");
}

/** A name from the file, on one line and short, whatever it holds. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name);
}

export function formatShape(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", ..." : ""}]`;
}

/** Names of columns as people type them: with commas between them, or one name that has a comma itself. */

/** The columns that the texts name; what is none stays as it is, so that whoever looks for it says so. */
export function columnNames(
  texts: readonly string[] | undefined,
  columns: readonly string[],
): string[] {
  const names = (texts ?? []).flatMap((text) => columns.includes(text) ? [text] : parts(text));
  return [...new Set(names)];
}

/** Every name that the texts may mean. */
export function possibleNames(texts: readonly string[] | undefined): string[] {
  return (texts ?? []).flatMap((text) => [text, ...parts(text)]);
}

function parts(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

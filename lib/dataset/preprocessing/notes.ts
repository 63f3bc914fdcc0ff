/** What was found odd while rows were encoded: said once, however many rows it was. */

export interface EncodingNotes {
  /** Columns that the rows do not have at all; each is taken for holes. */
  readonly missing: readonly string[];
  /** Columns that training did not have, with the nearest name that it had. */
  readonly unknownColumns: readonly UnknownName[];
  /** Values of category columns that training did not have. */
  readonly unknownValues: readonly UnknownValues[];
}

export interface UnknownName {
  readonly name: string;
  /** What may have been meant; null if nothing is near. */
  readonly suggestion: string | null;
}

export interface UnknownValues {
  readonly column: string;
  /** Rows that have one. */
  readonly rows: number;
  /** The first one, and the nearest value that is known. */
  readonly value: string;
  readonly suggestion: string | null;
}

export const NO_NOTES: EncodingNotes = { missing: [], unknownColumns: [], unknownValues: [] };

/** The notes of rows that came one part after the other. */
export function mergeNotes(first: EncodingNotes, next: EncodingNotes): EncodingNotes {
  const values = new Map(first.unknownValues.map((note) => [note.column, note]));
  for (const note of next.unknownValues) {
    const before = values.get(note.column);
    values.set(note.column, before ? { ...before, rows: before.rows + note.rows } : note);
  }
  const others = next.unknownColumns.filter(({ name }) =>
    first.unknownColumns.every((known) => known.name !== name)
  );
  return {
    missing: [...new Set([...first.missing, ...next.missing])],
    unknownColumns: [...first.unknownColumns, ...others],
    unknownValues: [...values.values()],
  };
}

/** A line each, such as `column "age" is missing: its values are imputed`. */
export function noteLines(notes: EncodingNotes): string[] {
  const meant = (suggestion: string | null) =>
    suggestion === null ? "" : `; did you mean ${JSON.stringify(suggestion)}?`;
  return [
    ...notes.missing.map((name) =>
      `column ${JSON.stringify(name)} is missing: its values are imputed`
    ),
    ...notes.unknownColumns.map(({ name, suggestion }) =>
      `column ${JSON.stringify(name)} is ignored: the model does not know it${meant(suggestion)}`
    ),
    ...notes.unknownValues.map(({ column, rows, value, suggestion }) =>
      `column ${JSON.stringify(column)} has values in ${rows} ${
        rows === 1 ? "row" : "rows"
      } that the model does not know, such as ${JSON.stringify(value)}${meant(suggestion)}`
    ),
  ];
}

/**
 * Reads a file that is one JSON object, and may come from a stranger. Whatever it holds, reading it does not throw: a file
 * that cannot be used is refused with the reason.
 */

import type * as v from "valibot";
import { count, exactly, FieldError, fields, parseJson, type Read, read } from "./fields.ts";

/** What was read, by the name of its type, or in a sentence without a full stop why there is nothing. */
export type FileOf<Type extends string, T> =
  | Readonly<Record<Type, T> & { problem: null }>
  | Readonly<Record<Type, null> & { problem: string }>;

interface Format<Type extends string, S extends v.GenericSchema> {
  /** What the file's `type` says. */
  readonly type: Type;
  readonly schema: S;
  /** Refuses other versions of the format. */
  readonly checkVersion: (version: number) => void;
  /** Refuses a file that is too long, by its length in bytes or UTF-16 units. */
  readonly checkLength: (length: number) => void;
}

/** @param file its bytes or its text */
export function readFileOf<const Type extends string, S extends v.GenericSchema>(
  { type, schema, checkVersion, checkLength }: Format<Type, S>,
  file: string | Uint8Array,
): FileOf<Type, Read<S>> {
  const answer = (value: Read<S> | null, problem: string | null) =>
    ({ [type]: value, problem }) as FileOf<Type, Read<S>>;
  try {
    checkLength(file.length);
    const value = parseJson(file);
    const name = `the ${type}`;
    checkVersion(read(fields({ type: exactly(type), schema: count }), value, name).schema);
    return answer(read(schema, value, name), null);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return answer(null, error.message);
  }
}

/** Reads one version and no other. */
export function onlyVersion(known: number): (version: number) => void {
  return (version) => {
    if (version !== known) {
      throw new FieldError(`its schema is ${version}, and ${known} is what can be read`);
    }
  };
}

/** Reads a version and those before it. */
export function upToVersion(known: number): (version: number) => void {
  return (version) => {
    if (version > known) throw new FieldError(`its schema is ${version}, newer than ${known}`);
  };
}

/** @param most UTF-16 units of a text, bytes of a file */
export function upToLength(most: number): (length: number) => void {
  return (length) => {
    if (length > most) {
      throw new FieldError(`it is ${length} long; the longest that is read is ${most}`);
    }
  };
}

export function upToBytes(most: number): (length: number) => void {
  return (length) => {
    if (length > most) {
      throw new FieldError(`it has ${length} bytes; the most that is read is ${most}`);
    }
  };
}

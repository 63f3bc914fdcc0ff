/** For tests of readers: damages one field of a file that is otherwise right, and lists the fields there are. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonRecord = { [key: string]: Json };

/** A copy as JSON would hold it. */
export function jsonCopy(value: unknown): JsonRecord {
  return JSON.parse(JSON.stringify(value));
}

/** The JSON of `sample` with `value` at a path such as "trials.0.run", or without that field where it is undefined. */
export function jsonWith(sample: unknown, path: string, value: Json | undefined): string {
  const file = jsonCopy(sample);
  const keys = path.split(".");
  // deno-lint-ignore no-explicit-any -- walks JSON of any shape
  const parent: any = keys.slice(0, -1).reduce((at: any, key) => at[key], file);
  const last = keys[keys.length - 1];
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(file);
}

/** Every path in the sample that has no further ones below it, and every list and object. */
export function pathsIn(value: Json, path = ""): string[] {
  const own = path === "" ? [] : [path];
  if (typeof value !== "object" || value === null) return own;
  const prefix = path === "" ? "" : `${path}.`;
  return [...own, ...Object.entries(value).flatMap(([key, v]) => pathsIn(v, prefix + key))];
}

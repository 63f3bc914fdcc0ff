/** Arrays as a user names them: what is learned from, what is to be learned, and what is tested with. */
import type { ArrayTarget } from "../../dataset/array_target.ts";
import type { NdArray } from "../../dataset/formats/element_types.ts";
import { UsageError } from "../../errors.ts";
import { pathOf } from "../data_argument.ts";
import type { TableOptions } from "../options/tables.ts";
import { testFraction } from "../tables/test_fraction.ts";
import { type ArrayFile, listed, openArrays } from "./array_file.ts";

export type ArrayNames = Pick<
  TableOptions,
  "inputs" | "target" | "testInputs" | "testTarget" | "test"
>;

/** Rows, and what is right for each. */
export interface ArrayPart {
  readonly inputs: NdArray;
  readonly target: ArrayTarget;
}

export interface ReadArrays {
  /** As messages call the file, and as logs do. */
  readonly name: string;
  readonly title: string;
  readonly train: ArrayPart;
  /** Null where `--test` is a fraction, or nothing is tested with. */
  readonly test: ArrayPart | null;
  /** Of each file that was read, by its name. */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Reads arrays to learn from or to evaluate on.
 *
 * @param path a file of arrays
 * @throws {UsageError} if an array is not named, or there is none of that name
 * @throws {WeftError} if a file cannot be read
 */
export async function readArrays(path: string, names: ArrayNames): Promise<ReadArrays> {
  const file = await openArrays(path);
  const files = new Map<string, ArrayFile>([[path, file]]);
  /** What is named: an array of the archive, or else of a file. */
  const find = async (text: string, archive: ArrayFile) => {
    if (archive.names.includes(text)) return { file: archive, name: text };
    if (archive.names.length > 0 && !/[./\\]/.test(text)) return { file: archive, name: text };
    const named = pathOf(text);
    const found = files.get(named) ?? await openArrays(named);
    files.set(named, found);
    return { file: found, name: undefined };
  };
  const inputs = async (text: string | undefined, archive: ArrayFile) => {
    if (text === undefined) return await archive.read();
    const { file, name } = await find(text, archive);
    return await file.read(name);
  };
  const target = async (text: string, archive: ArrayFile) => {
    const { file, name } = await find(text, archive);
    return await file.readLabels(name);
  };
  const own = targetOf(names.target, file);
  if (file.names.length === 0 && names.inputs !== undefined) {
    throw new UsageError(
      `Cannot use --inputs ${names.inputs} with ${path}: it is one array; leave it out`,
    );
  }
  if (names.inputs === undefined && file.names.length > 1) throw withoutInputs(file, own);
  const train = { inputs: await inputs(names.inputs, file), target: await target(own, file) };
  const test = await testOf(names, file, {
    inputs,
    target,
    own,
    open: async (path) => {
      const found = files.get(path) ?? await openArrays(path);
      files.set(path, found);
      return found;
    },
  });
  const sha256 = Object.fromEntries(
    [...files.values()].map(({ title, path: of, sha256 }) => [
      of !== path && title === file.title ? `test/${title}` : title,
      sha256,
    ]),
  );
  return { name: path, title: file.title, train, test, sha256 };
}

async function testOf(
  { inputs, test, testInputs, testTarget }: ArrayNames,
  file: ArrayFile,
  read: {
    inputs(text: string | undefined, archive: ArrayFile): Promise<NdArray>;
    target(text: string, archive: ArrayFile): Promise<ArrayTarget>;
    open(path: string): Promise<ArrayFile>;
    readonly own: string;
  },
): Promise<ArrayPart | null> {
  if ((testInputs === undefined) !== (testTarget === undefined)) {
    const [given, missing] = testInputs === undefined
      ? ["--test-target", "--test-inputs"]
      : ["--test-inputs", "--test-target"];
    throw new UsageError(`Cannot test with ${given} alone: give ${missing}, too`);
  }
  if (test === undefined || testFraction(test) !== null) {
    if (testInputs === undefined || testTarget === undefined) return null;
    if (test !== undefined) {
      throw new UsageError(
        `Cannot test with --test ${test} and --test-inputs at once: leave out one of them`,
      );
    }
    return {
      inputs: await read.inputs(testInputs, file),
      target: await read.target(testTarget, file),
    };
  }
  const other = await read.open(pathOf(test));
  if (file.names.length === 0 || other.names.length === 0) {
    throw new UsageError(
      `Cannot test with --test ${test}: one array is no rows with their targets; give --test-inputs and --test-target`,
    );
  }
  return {
    inputs: await read.inputs(testInputs ?? inputs, other),
    target: await read.target(testTarget ?? read.own, other),
  };
}

function targetOf(target: readonly string[] | undefined, { path, names }: ArrayFile): string {
  if (target?.length === 1) return target[0];
  if (target && target.length > 1) {
    throw new UsageError(
      `Cannot use ${target.length} targets of ${path}: give one array; several numbers a row are rows x targets`,
    );
  }
  // Targets mostly stand behind inputs, and those of a test part behind all.
  const likely = names.findLast((name) => !/test/i.test(name)) ?? names.at(-1);
  const hint = names.length > 0
    ? `name one of ${listed(names)}, such as --target ${likely}`
    : "name a file of as many rows, such as --target y.npy";
  throw new UsageError(`Cannot use ${path} without a target: ${hint}`);
}

function withoutInputs({ path, names }: ArrayFile, target: string): UsageError {
  const others = names.filter((name) => name !== target);
  return new UsageError(
    `Cannot use ${path} without --inputs: it has the arrays ${
      listed(names)
    }; name the one to learn from, such as --inputs ${others[0] ?? names[0]}`,
  );
}

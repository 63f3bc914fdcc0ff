/**
 * Runs ONNX files with onnxruntime, for tests: as somebody would who does not have Weft.
 *
 * In a process with a lock file of its own, because Deno fetches all of a lock file's packages
 * before it runs anything, and this one is 33 MB that nobody needs who only trains.
 */

import assert from "node:assert/strict";
import { join } from "node:path";

/** A file to open, and what to give it; bytes in base64. */
export interface OnnxRequest {
  readonly file: string;
  readonly rows: string;
  /** "pixels" of bytes, "features" of float32, or "columns": then `rows` is the JSON of `OnnxColumns`. */
  readonly name: "pixels" | "features" | "columns";
  /** Of one row. */
  readonly inputs: number;
}

/** What came of it. */
export interface OnnxReply {
  /** What goes in and comes out: `pixels uint8 [N, 784]`. */
  readonly signature: string[];
  /** N x O float32, little-endian, in base64. */
  readonly probabilities: string;
}

/** By input: texts, or numbers of which null is NaN. */
export type OnnxColumns = Readonly<
  Record<string, { readonly size: number; readonly values: readonly (string | number | null)[] }>
>;

/** An ONNX file, and images to classify with it. */
export interface OnnxCase {
  readonly file: Uint8Array;
  /** N x I bytes; or features. */
  readonly pixels?: Uint8Array;
  readonly features?: Float32Array;
  readonly columns?: OnnxColumns;
  /** I. */
  readonly inputs: number;
}

export interface OnnxResult {
  /** See `OnnxReply`. */
  readonly signature: readonly string[];
  /** N x O. */
  readonly probabilities: Float32Array;
}

const path = (name: string) => join(import.meta.dirname!, name);

/** Opens and runs every file, in one process. */
export async function runOnnx(cases: readonly OnnxCase[]): Promise<OnnxResult[]> {
  const requests = cases.map(({ file, pixels, features, columns, inputs }): OnnxRequest => {
    if (columns) {
      return { file: file.toBase64(), rows: JSON.stringify(columns), name: "columns", inputs };
    }
    const { buffer, byteOffset, byteLength } = pixels ?? features!;
    return {
      file: file.toBase64(),
      rows: new Uint8Array(buffer, byteOffset, byteLength).toBase64(),
      name: pixels ? "pixels" : "features",
      inputs,
    };
  });
  await using child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", "--no-config", "--frozen", `--lock=${path("deno.lock")}`],
      ...["--allow-read", path("process.ts")],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output] = await Promise.all([
    child.output(),
    new Blob([JSON.stringify(requests)]).stream().pipeTo(child.stdin),
  ]);
  assert(output.success, new TextDecoder().decode(output.stderr));
  const replies: OnnxReply[] = JSON.parse(new TextDecoder().decode(output.stdout));
  return replies.map(({ signature, probabilities }) => ({
    signature,
    probabilities: new Float32Array(Uint8Array.fromBase64(probabilities).buffer),
  }));
}

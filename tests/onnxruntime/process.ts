/**
 * Opens ONNX files with onnxruntime and runs them. Reads a JSON array of `OnnxRequest` from the
 * standard input, and writes one of `OnnxReply` to the standard output.
 */

// deno-lint-ignore no-import-prefix -- pinned in a lock file of its own; see mod.ts
import * as ort from "npm:onnxruntime-web@1.30.0/wasm";
import type { OnnxColumns, OnnxReply, OnnxRequest } from "./mod.ts";

// Threads would be workers that keep the process alive.
ort.env.wasm.numThreads = 1;

async function run({ file, rows, name, inputs }: OnnxRequest): Promise<OnnxReply> {
  const session = await ort.InferenceSession.create(Uint8Array.fromBase64(file));
  if (name === "columns") return await answer(session, columnsOf(JSON.parse(rows)));
  const bytes = Uint8Array.fromBase64(rows);
  const floats = new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  const given = name === "pixels"
    ? new ort.Tensor("uint8", bytes, [bytes.length / inputs, inputs])
    : new ort.Tensor("float32", floats, [floats.length / inputs, inputs]);
  return await answer(session, { [name]: given });
}

function columnsOf(columns: OnnxColumns): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { size, values }]) => {
      const shape = [values.length / size, size];
      const isText = typeof values[0] === "string";
      const floats = () => Float32Array.from(values, (value) => value === null ? NaN : +value);
      return [
        name,
        isText
          ? new ort.Tensor("string", values as string[], shape)
          : new ort.Tensor("float32", floats(), shape),
      ];
    }),
  );
}

async function answer(
  session: ort.InferenceSession,
  given: Record<string, ort.Tensor>,
): Promise<OnnxReply> {
  const results = await session.run(given);
  const probabilities = (results.probabilities ?? results.predictions).data as Float32Array;
  return {
    signature: [...session.inputMetadata, ...session.outputMetadata].map((value) =>
      value.isTensor ? `${value.name} ${value.type} [${value.shape.join(", ")}]` : value.name
    ),
    probabilities: new Uint8Array(probabilities.slice().buffer).toBase64(),
  };
}

const replies: OnnxReply[] = [];
for (const request of await new Response(Deno.stdin.readable).json()) {
  replies.push(await run(request));
}
await new Blob([JSON.stringify(replies)]).stream().pipeTo(Deno.stdout.writable);

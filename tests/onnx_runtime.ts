/** Runs ONNX files with onnxruntime, for tests: as somebody would who does not have Weft. */

import * as ort from "onnxruntime-web/wasm";

// Threads would be workers that outlive the test.
ort.env.wasm.numThreads = 1;

/** An ONNX file, opened. */
export class OnnxSession implements AsyncDisposable {
  private constructor(readonly session: ort.InferenceSession) {}

  /** @throws {Error} where onnxruntime does not take the file */
  static async open(file: Uint8Array): Promise<OnnxSession> {
    return new OnnxSession(await ort.InferenceSession.create(file));
  }

  /** What goes in and comes out: `pixels uint8 [N, 784]`. */
  get signature(): string[] {
    return [...this.session.inputMetadata, ...this.session.outputMetadata].map((value) =>
      value.isTensor ? `${value.name} ${value.type} [${value.shape.join(", ")}]` : value.name
    );
  }

  /**
   * @param pixels N x I bytes
   * @returns N x O probabilities
   */
  async probabilities(pixels: Uint8Array, inputs: number): Promise<Float32Array> {
    const shape = [pixels.length / inputs, inputs];
    const { probabilities } = await this.session.run({
      pixels: new ort.Tensor("uint8", pixels, shape),
    });
    return probabilities.data as Float32Array;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.release();
  }
}

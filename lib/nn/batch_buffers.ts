/**
 * The matrices that the passes over a batch fill.
 *
 * Glossary: B rows of the batch, I inputs of the network.
 */
import type { ByteMatrix, Matrix } from "../backend/mod.ts";

/** What one batch needs: its input and every layer's output, and for training the gradients of those. */
export interface BatchBuffers {
  /** B x I, filled by the caller. */
  readonly x: Matrix | ByteMatrix;
  /** B x outputs a layer, some of them in one matrix; the last are the logits. Null where that is `x`. */
  readonly outputs: readonly (Matrix | null)[];
  /** Gradients of `outputs`; null where nobody asks. None where nothing is trained. */
  readonly gradients: readonly (Matrix | null)[];
  readonly logits: Matrix;
  /** Of the loss, filled by the caller before `backward`; the logits themselves where nothing is trained. */
  readonly dLogits: Matrix;
  /** The first row of these in the batch. */
  readonly firstRow: number;
}

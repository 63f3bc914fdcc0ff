/** Streams as loops read and feed them: neither `ReadableStream.from` nor their iteration is in every browser. */

/** The chunks of a stream; leaving the loop cancels it. */
export async function* streamPieces<Piece>(stream: ReadableStream<Piece>): AsyncGenerator<Piece> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // Of no concern to who wants no more.
  }
}

/** A stream of what `pieces` yields, which runs only as far as the stream is read. */
export function streamOf<Piece>(pieces: AsyncGenerator<Piece>): ReadableStream<Piece> {
  return new ReadableStream<Piece>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/** Waits for what happens, however slow the machine is, instead of for a time. */

/** Longer than anything takes that does happen, also where the machine does much else. */
const PATIENCE_MS = 30_000;

/** What `read` returns as soon as it is right; where it never is, the last of it, for an assertion to complain of. */
export async function eventually<T>(
  read: () => Promise<T>,
  isRight: (value: T) => boolean,
): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (isRight(value) || performance.now() > giveUpAt) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

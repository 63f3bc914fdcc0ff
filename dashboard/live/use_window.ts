/** Which rows of a long table are near what is seen of it: the others are room. */

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Tables of fewer rows are drawn whole. */
const FROM_ROWS = 200;
/** Drawn above and below what is seen. */
const MORE = 12;
/** What the server draws, which does not know how high the page is. */
const FIRST_ROWS = 60;

export interface RowWindow {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Pixels of a row. */
  readonly rowHeight: number;
}

/** @param body of the table; a row is as high as its first one */
export function useWindow(body: RefObject<HTMLElement>, count: number): RowWindow {
  const [range, setRange] = useState<RowWindow>({ from: 0, to: FIRST_ROWS, rowHeight: 32 });
  const isLong = count > FROM_ROWS;
  useEffect(() => {
    if (!isLong) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const element = body.current;
      if (!element) return;
      const row = element.querySelector("tr[data-row]")?.getBoundingClientRect().height ?? 0;
      const rowHeight = row > 0 ? row : 32;
      const top = -element.getBoundingClientRect().top;
      // In steps, so that not every pixel is another range.
      const first = Math.max(0, Math.floor(top / rowHeight / MORE) * MORE - MORE);
      const last = Math.ceil((top + innerHeight) / rowHeight / MORE) * MORE + MORE;
      setRange((before) =>
        before.from === first && before.to === last && before.rowHeight === rowHeight
          ? before
          : { from: first, to: last, rowHeight }
      );
    };
    const soon = () => frame ||= requestAnimationFrame(look);
    look();
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [isLong, count]);
  if (!isLong) return { ...range, from: 0, to: count };
  const from = Math.min(range.from, Math.max(0, count - 1));
  return { ...range, from, to: Math.min(count, Math.max(range.to, from + 1)) };
}

/** What the charts of a page share: how they are looked at, where the crosshair is, which line is brought out. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type ChartView, readChartView, writeChartView } from "./chart_view.ts";

export interface Charts {
  readonly view: ChartView;
  readonly change: (part: Partial<ChartView>) => void;
  /** X of the crosshair; null: there is none. */
  readonly crosshair: number | null;
  readonly point: (x: number | null) => void;
  /** The label of the line that is brought out. */
  readonly focus: string | null;
  readonly bringOut: (label: string | null) => void;
}

/** A browser refuses to have its address changed some hundred times in a minute. */
const ADDRESS_MS = 200;

/** @param query of the address that the page was asked for, which then follows the view; null: it does not */
export function useCharts(query: string | null): Charts {
  const [view, setView] = useState(() => readChartView(query ?? ""));
  const [crosshair, point] = useState<number | null>(null);
  const [focus, bringOut] = useState<string | null>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current || query === null) {
      isFirst.current = false;
      return;
    }
    const write = () => {
      const text = writeChartView(view);
      const address = `${location.pathname}${text && "?"}${text}${location.hash}`;
      history.replaceState(history.state, "", address);
    };
    const timer = setTimeout(write, ADDRESS_MS);
    // A page that is left before that comes back as it was.
    addEventListener("pagehide", write);
    return () => {
      clearTimeout(timer);
      removeEventListener("pagehide", write);
    };
  }, [view]);
  const change = (part: Partial<ChartView>) => setView((before) => ({ ...before, ...part }));
  return { view, change, crosshair, point, focus, bringOut };
}

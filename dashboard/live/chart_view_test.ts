import assert from "node:assert/strict";
import { readChartView, writeChartView } from "./chart_view.ts";

Deno.test("a view of charts survives its address, and leaves what else stands there", () => {
  const query = "runs=a,b%20c&slots=1,0";
  const first = readChartView(`?${query}`);
  assert.equal(new URLSearchParams(writeChartView(first)).get("runs"), "a,b c");
  const view = {
    ...first,
    tab: "options",
    axis: "time",
    smoothing: 0.88,
    logY: true,
    clips: true,
    means: false,
    hidden: ["a", "b, c@7"],
    charts: [],
    zoom: { from: 2.5, to: 7 },
  } as const;
  assert.deepEqual(readChartView(`?${writeChartView(view)}`), view);
});

Deno.test("what cannot be used in an address is left out", () => {
  const first = readChartView("");
  for (
    const query of ["axis=up", "smoothing=0.9", "zoom=7,2", "zoom=a,b", "zoom=1,Infinity", "log=x"]
  ) {
    assert.deepEqual(readChartView(`?${query}`), first, query);
  }
});

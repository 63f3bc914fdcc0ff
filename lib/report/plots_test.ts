import assert from "node:assert/strict";
import { barPlotSvg, groupedBarPlotSvg, linePlotSvg } from "./plots.ts";

/** What the text elements of the image say. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

const lines = {
  title: "Time of a step",
  xName: "Rows",
  yName: "Milliseconds",
  series: [
    { name: "wasm", points: [[1, 0.5], [16, 2], [8192, 900]] as const },
    { name: "webgpu (software)", points: [[1, 20], [16, 21]] as const },
  ],
};

/** Whether texts are all there. */
function assertSays(svg: string, ...texts: string[]): void {
  const there = textsOf(svg);
  for (const text of texts) assert(there.includes(text), `${text} in ${there.join(" | ")}`);
}

Deno.test("lines have a title, named axes, a legend, and ticks at the sizes", () => {
  const svg = linePlotSvg(lines);
  assert.match(svg, /^<svg width="800" height="500"/);
  assertSays(svg, "Time of a step", "Rows", "Milliseconds", "wasm", "webgpu (software)");
  assertSays(svg, "1", "16", "8,192");
  assert.equal(svg, linePlotSvg(lines), "the same text for the same lines");
});

Deno.test("where lines cross is marked", () => {
  const marks = [{ at: 300, label: "webgpu overtakes" }];
  assertSays(linePlotSvg({ ...lines, marks }), "webgpu overtakes");
  assert(!textsOf(linePlotSvg(lines)).includes("webgpu overtakes"));
});

Deno.test("bars begin at the power of ten below them all, and say their value", () => {
  const svg = groupedBarPlotSvg({
    title: "Kernels",
    xName: "Microseconds",
    groups: ["gemm", "sgd"],
    series: [{ name: "wasm", values: [1500, 0.5] }, { name: "webgpu", values: [20, null] }],
  });
  assertSays(svg, "Kernels", "Microseconds", "gemm", "sgd", "wasm", "webgpu");
  assertSays(svg, "0.1", "1,500", "0.5", "20");
  const bars = [...svg.matchAll(/<rect class="bar" x="([\d.]+)"/g)];
  assert.equal(bars.length, 3, "none for a null");
  assert.equal(new Set(bars.map(([, left]) => left)).size, 1, "all begin at the axis");
});

Deno.test("simple bars have no legend", () => {
  const svg = barPlotSvg({ title: "Epochs", xName: "ms", bars: [["Weft", 400], ["NumPy", 500]] });
  assertSays(svg, "Epochs", "ms", "Weft", "NumPy", "400", "500");
});

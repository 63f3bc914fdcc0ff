import assert from "node:assert/strict";
import { lossPlotSvg } from "./loss_plot.ts";

const plot = {
  title: "Loss of run first",
  trainLoss: [2.3, 1.1, 0.9],
  validationLoss: [1.3, 1, 0.8],
};

/** What the text elements of the image say. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

/** The lines of one series, each as its list of drawing commands. */
function linesOf(svg: string, dashed: boolean): string[] {
  return [...svg.matchAll(/<path d="([^"]*)"[^>]* class="curve"[^>]*>/g)]
    .filter(([element]) => element.includes("stroke-dasharray") === dashed)
    .map(([, commands]) => commands);
}

Deno.test("the plot has a title, a legend and named axes, on white", () => {
  const svg = lossPlotSvg(plot);
  assert.match(svg, /^<svg width="800" height="500" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg, /<rect width="800" height="500" x="0" y="0" fill="#ffffff">/);
  const texts = textsOf(svg);
  for (const text of ["Loss of run first", "Epoch", "Cross-entropy loss (nats)"]) {
    assert(texts.includes(text), text);
  }
  assert(texts.includes("Training") && texts.includes("Validation"));
  assert.deepEqual(texts.filter((text) => /^[123]$/.test(text)).slice(0, 3), ["1", "2", "3"]);
});

Deno.test("training is a solid line and validation a dashed one, each with all its epochs", () => {
  const svg = lossPlotSvg(plot);
  for (const dashed of [false, true]) {
    const [line, ...others] = linesOf(svg, dashed);
    assert.equal(line.match(/[ML]/g)?.length, 3);
    assert.deepEqual(others, []);
  }
});

Deno.test("a loss that is not finite leaves a gap", () => {
  const svg = lossPlotSvg({ ...plot, trainLoss: [3, 2, NaN, 1, 0.5], validationLoss: [null] });
  assert.equal(linesOf(svg, false).join("").match(/M/g)?.length, 2);
  assert.doesNotMatch(svg, /NaN/);
});

Deno.test("without validation there is one line, and the legend has one entry", () => {
  const svg = lossPlotSvg({ ...plot, validationLoss: [null, null, null] });
  assert.equal(linesOf(svg, true).length, 0);
  assert(linesOf(svg, false).length > 0);
  assert(textsOf(svg).includes("Training") && !textsOf(svg).includes("Validation"));
});

Deno.test("a single epoch is two points, and no epoch an empty plot", () => {
  const points = (losses: number[]) =>
    lossPlotSvg({ title: "", trainLoss: losses, validationLoss: losses })
      // Those of the legend stand in a group of its own.
      .replaceAll(/<g .*?<\/g>/g, "")
      .matchAll(/<circle [^>]*class="point"/g).toArray().length;
  assert.equal(points([2]), 2);
  assert.equal(points([]), 0);
});

Deno.test("the same losses give the same text, call after call", () => {
  assert.equal(lossPlotSvg(plot), lossPlotSvg(plot));
});

Deno.test("a title cannot bring markup into the image", () => {
  const svg = lossPlotSvg({ ...plot, title: '<script>alert("&")</script>' });
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /&lt;script&gt;/);
});

/** The colors in theme.css, as WCAG 2 measures them. */

import assert from "node:assert/strict";
import { ciede2000, difference, VISIONS } from "../../tests/support/color_vision.ts";
import { METRIC_COLORS } from "./parallel_axes.ts";
import { COLORS } from "./run_colors.ts";

/** Colors by name: of light, then of dark. */
async function palettes(): Promise<Map<string, string>[]> {
  const css = await Deno.readTextFile(new URL("../components/ui/theme.css", import.meta.url));
  return [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
    new Map(
      [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, color]) => [name, color]),
    )
  );
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

Deno.test("lines and edges stand out from their ground 3 to 1, texts 4.5 to 1", async () => {
  const themes = await palettes();
  assert.equal(themes.length, 2);
  for (const theme of themes) {
    const lines = Array.from({ length: COLORS }, (_, i) => `series-${i}`);
    const shades = Array.from({ length: METRIC_COLORS }, (_, i) => `metric-${i}`);
    for (const name of [...lines, ...shades, "edge-strong", "focus"]) {
      assert(contrast(theme.get(name)!, theme.get("surface")!) >= 3, name);
    }
    for (const name of ["text", "text-soft", "link", "good", "warn", "bad", "chart-text"]) {
      for (const ground of ["page", "surface"]) {
        assert(contrast(theme.get(name)!, theme.get(ground)!) >= 4.5, `${name} on ${ground}`);
      }
    }
    assert(contrast(theme.get("primary-text")!, theme.get("primary")!) >= 4.5);
  }
});

/** Of fields side by side 1 is just seen; lines are thin and apart. */
const [LEAST, LEAST_IN_ALL_COLORS] = [14, 20];

Deno.test("each two runs' colors can be told apart, by color-blind readers too", async () => {
  for (const theme of await palettes()) {
    const lines = Array.from({ length: COLORS }, (_, i) => theme.get(`series-${i}`)!);
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      const least = vision === "all colors" ? LEAST_IN_ALL_COLORS : LEAST;
      lines.forEach((a, i) =>
        lines.slice(0, i).forEach((b) => {
          const apart = difference(a, b, matrix);
          assert(apart >= least, `${a} and ${b} are ${apart} apart with ${vision}`);
        })
      );
    }
  }
});

Deno.test("differences are CIEDE2000's, by the pairs of its paper", () => {
  const pairs = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, -1, 2], [50, 0, 0], 2.3669],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ] as const;
  for (const [a, b, expected] of pairs) {
    assert(Math.abs(ciede2000(a, b) - expected) < 5e-5, `${ciede2000(a, b)} ${expected}`);
  }
});

Deno.test("the better a trial, the more its line stands out, so that it is seen without colors too", async () => {
  for (const theme of await palettes()) {
    const contrasts = Array.from(
      { length: METRIC_COLORS },
      (_, i) => contrast(theme.get(`metric-${i}`)!, theme.get("surface")!),
    );
    for (let i = 1; i < METRIC_COLORS; i++) {
      assert(contrasts[i] > 1.15 * contrasts[i - 1], `${contrasts}`);
    }
  }
});

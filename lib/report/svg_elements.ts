/** What plots are drawn with: SVG elements as text, with escaped attributes. */

import { printable } from "./display_width.ts";

export const TEXT = "#222222";

/** How a series is told apart without color too. */
export const DASHES = ["", "8 4", "2 3"] as const;
export const SYMBOLS = ["disc", "square", "triangle", "diamond", "ring", "frame"] as const;
export type Symbol = (typeof SYMBOLS)[number];

/** Attributes of an element; numbers are rounded to a hundredth of a pixel. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element with escaped attributes. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(value!)}"`)
    .join("");
  return `<${name}${written}>${content}</${name}>`;
}

/** A line of text; characters that steer a terminal or the text's direction are replaced. */
export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  const style = { "dominant-baseline": "central", fill: TEXT, "font-size": 12, ...attributes };
  return element("text", { x, y, ...style }, escape(printable(text)));
}

/** A pixel position in the shortest writing. */
export function round(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** A series of points as a line, which is interrupted where a point is null. */
export function polyline(
  points: readonly (readonly [x: number, y: number] | null)[],
  attributes: Attributes,
): string {
  let pen = "M";
  const commands = points.map((point) => {
    if (point === null) {
      pen = "M";
      return "";
    }
    const command = `${pen}${round(point[0])} ${round(point[1])}`;
    pen = "L";
    return command;
  });
  return element("path", { d: commands.join(""), fill: "none", "stroke-width": 2, ...attributes });
}

/** What stands for a line in the legend. */
export function lineSample(stroke: string, dash: string): string {
  return polyline([[0, 0], [40, 0]], { stroke, "stroke-dasharray": dash, class: "sample" });
}

/** A mark of some 8 pixels at a point. */
export function symbolAt(symbol: Symbol, x: number, y: number, color: string): string {
  const hollow = symbol === "ring" || symbol === "frame";
  const style = {
    class: "point",
    fill: hollow ? "#ffffff" : color,
    stroke: color,
    "stroke-width": hollow ? 1.5 : undefined,
  };
  switch (symbol) {
    case "disc":
    case "ring":
      return element("circle", { cx: x, cy: y, r: 3.5, ...style });
    case "square":
    case "frame":
      return element("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, ...style });
    default: {
      const ends = symbol === "triangle"
        ? [[0, -4.5], [4.5, 4], [-4.5, 4]]
        : [[0, -5], [5, 0], [0, 5], [-5, 0]];
      const path = ends.map(([dx, dy], i) =>
        `${i === 0 ? "M" : "L"}${round(x + dx)} ${round(y + dy)}`
      );
      return element("path", { d: `${path.join("")}Z`, ...style });
    }
  }
}

/** A line one pixel wide. */
export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  dash = "",
): string {
  return element("line", { x1, y1, x2, y2, stroke, "stroke-dasharray": dash });
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

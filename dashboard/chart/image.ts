/** A chart as a PNG that can stand alone: with its title and its legend. */

interface LegendEntry {
  readonly label: string;
  /** Any CSS color. */
  readonly color: string;
  /** How the line is broken, in CSS pixels. */
  readonly dash: readonly number[];
}

/** CSS pixels. */
const MARGIN = 16;
const TITLE_HEIGHT = 32;
const ENTRY_HEIGHT = 22;
const SAMPLE_WIDTH = 32;

/**
 * @param chart The canvas on the screen, which is left as it is.
 * @param colors Of the page and of its text, as CSS has them.
 */
export function imageOf(
  chart: HTMLCanvasElement,
  title: string,
  legend: readonly LegendEntry[],
  colors: { readonly page: string; readonly text: string },
): Promise<Blob> {
  const scale = chart.width / chart.clientWidth;
  const head = MARGIN + TITLE_HEIGHT + legend.length * ENTRY_HEIGHT;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width + 2 * MARGIN * scale;
  canvas.height = chart.height + (head + MARGIN) * scale;
  const context = canvas.getContext("2d")!;
  context.fillStyle = colors.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(chart, MARGIN * scale, head * scale);
  context.scale(scale, scale);
  const width = chart.clientWidth;
  context.textBaseline = "middle";
  context.fillStyle = colors.text;
  context.font = "600 16px system-ui, sans-serif";
  context.fillText(title, MARGIN, MARGIN + TITLE_HEIGHT / 2 - 4, width);
  context.font = "13px system-ui, sans-serif";
  context.lineWidth = 3;
  legend.forEach(({ label, color, dash }, i) => {
    const y = MARGIN + TITLE_HEIGHT + (i + 0.5) * ENTRY_HEIGHT;
    context.strokeStyle = color;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(MARGIN, y);
    context.lineTo(MARGIN + SAMPLE_WIDTH, y);
    context.stroke();
    context.fillText(label, MARGIN + SAMPLE_WIDTH + 8, y, width - SAMPLE_WIDTH - 8);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("Cannot draw the image")));
  });
}

/** A chart with all that belongs to it: controls, values at the crosshair, exports, a table. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { toCsv } from "../../chart/csv.ts";
import type { CurveChart } from "../../chart/curve_chart.ts";
import { download } from "../../chart/download.ts";
import { type Line, type Span, spanOf, valueAt } from "../../chart/lines.ts";
import { imageOf } from "../../chart/image.ts";
import { exponentialMovingAverage } from "../../chart/smoothing.ts";
import { tableOf } from "../../chart/table.ts";
import { formatNumber, slug } from "../../shared/format.ts";
import CurveControls from "./CurveControls.tsx";
import CurveTable from "./CurveTable.tsx";
import LineSample from "../ui/LineSample.tsx";

interface CurveFigureProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  /** The same, short, for the axis. */
  readonly formatTick?: (y: number) => string;
  /** For the files that are exported. */
  readonly fileName: string;
  /** Whether curves can be smoothed; measurements at a few sizes are not. */
  readonly smooths?: boolean;
  /** Most of the lines is still on its way: what is there of them is not drawn yet. */
  readonly waiting?: boolean;
  readonly logX?: boolean;
  /** How the y axis begins. */
  readonly logY?: boolean;
}

const HELP = "Arrow keys move the crosshair, Page keys move it faster, plus and minus zoom, " +
  "Shift with arrow keys moves the view, 0 shows the whole.";

/** Asked for as soon as a page has a chart, not only when the page lives: uPlot is most of the client. */
const loadChart = () => import("../../chart/curve_chart.ts");
if (typeof document !== "undefined") loadChart().catch(() => {});

export default function CurveFigure(props: CurveFigureProps) {
  const { title, lines, xLabel, yLabel, formatX, formatY, fileName, logX = false, waiting } = props;
  const formatTick = props.formatTick ?? formatNumber;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<CurveChart | null>(null);
  const [ready, setReady] = useState(false);
  const [failure, setFailure] = useState("");
  const [crosshair, setCrosshair] = useState<number | null>(null);
  const [view, setView] = useState<Span | null>(null);
  const [smoothing, setSmoothing] = useState(0);
  const [logY, setLogY] = useState(props.logY ?? false);
  const id = `figure-${slug(title)}`;

  useEffect(() => {
    let gone = false;
    loadChart().then(({ CurveChart }) => {
      if (gone || !host.current) return;
      chart.current = new CurveChart(host.current, { onCrosshair: setCrosshair, onView: setView });
      setReady(true);
    }, () => setFailure("The chart could not be loaded; its numbers are in the table below."));
    return () => {
      gone = true;
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (waiting) return;
    chart.current?.show(lines, { xLabel, yLabel, formatTick, logX, logY, smoothing });
    if (chart.current) performance.mark("weft-chart-drawn");
  }, [ready, waiting, lines, xLabel, yLabel, formatTick, logX, logY, smoothing]);

  const smoothed = useMemo(
    () =>
      smoothing === 0 ? null : lines.map((line) => ({
        ...line,
        ys: exponentialMovingAverage(line.ys, smoothing),
      })),
    [lines, smoothing],
  );
  /** What the line shows at the crosshair; of a smoothed line also what was measured. */
  const valueOf = (i: number) => ({
    shown: formatValue((smoothed ?? lines)[i], crosshair, formatY),
    raw: smoothed && formatValue(lines[i], crosshair, formatY),
  });
  const whole = spanOf(lines);
  const at = crosshair ?? (view ?? whole).to;
  const saveCsv = () => {
    const { head, rows } = tableOf(xLabel, lines);
    download(new Blob([toCsv([head, ...rows])], { type: "text/csv" }), `${fileName}.csv`);
  };
  const savePng = async () => {
    const canvas = chart.current?.canvas;
    if (!canvas || !host.current) return;
    const styles = getComputedStyle(host.current);
    const color = (name: string) => styles.getPropertyValue(name).trim();
    const legend = lines.map(({ label, dash, ...line }) => ({
      label,
      dash,
      color: color(`--series-${line.color}`),
    }));
    const colors = { page: color("--surface"), text: color("--text") };
    download(await imageOf(canvas, title, legend, colors), `${fileName}.png`);
  };

  return (
    <figure class="chart" aria-labelledby={`${id}-title`}>
      <figcaption class="chart-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <CurveControls
          smoothing={props.smooths === false ? null : smoothing}
          logY={logY}
          zoomed={view !== null}
          onSmoothing={setSmoothing}
          onLogY={setLogY}
          onReset={() => chart.current?.setView(null)}
        />
        {failure && <p class="notice" role="alert">{failure}</p>}
      </figcaption>
      <div
        class="chart-plot"
        ref={host}
        tabIndex={0}
        role="slider"
        aria-label={`Crosshair of ${title}`}
        aria-describedby={`${id}-help`}
        aria-valuemin={whole.from}
        aria-valuemax={whole.to}
        aria-valuenow={at}
        aria-valuetext={[
          `${xLabel} ${formatX(at)}`,
          ...lines.map(({ label }, i) => {
            const { shown, raw } = valueOf(i);
            return `${label} ${shown}${raw === null ? "" : ` smoothed, ${raw} measured`}`;
          }),
        ].join(", ")}
        onKeyDown={(event) => chart.current && handleKey(chart.current, event)}
        onBlur={() => chart.current?.pointAt(null)}
      />
      <p id={`${id}-help`} class="visually-hidden">{HELP}</p>
      <ul class="legend">
        <li class="legend-x">
          {crosshair === null ? smoothed ? "Last values, smoothed" : "Last values" : (
            <>
              {xLabel} <b>{formatX(crosshair)}</b>
            </>
          )}
        </li>
        {lines.map((line, i) => {
          const { shown, raw } = valueOf(i);
          return (
            <li key={line.label}>
              <LineSample color={line.color} dash={line.dash} />
              <span class="legend-label" title={line.label}>{line.label}</span>
              <b>{shown}</b>
              {raw !== null && <small>measured {raw}</small>}
            </li>
          );
        })}
      </ul>
      <div class="chart-foot">
        <CurveTable {...{ title, xLabel, lines, formatX, formatY, view: view ?? whole }} />
        <button type="button" title="Save the image, with its legend" onClick={savePng}>
          PNG
        </button>
        <button type="button" title="Save every point" onClick={saveCsv}>CSV</button>
      </div>
    </figure>
  );
}

function formatValue(line: Line, x: number | null, format: (y: number) => string): string {
  const value = valueAt(line, x);
  return value === null ? "–" : format(value);
}

function handleKey(chart: CurveChart, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const actions: Record<string, () => void> = {
    ArrowRight: () => event.shiftKey ? chart.pan(0.2) : chart.step(1),
    ArrowLeft: () => event.shiftKey ? chart.pan(-0.2) : chart.step(-1),
    ArrowUp: () => chart.step(1),
    ArrowDown: () => chart.step(-1),
    PageUp: () => chart.step(1, 0.1),
    PageDown: () => chart.step(-1, 0.1),
    Home: () => chart.pointAt(chart.view.from),
    End: () => chart.pointAt(chart.view.to),
    "+": () => chart.zoom(0.5),
    "=": () => chart.zoom(0.5),
    "-": () => chart.zoom(2),
    "0": () => chart.setView(null),
    Escape: () => chart.setView(null),
  };
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (!action) return;
  event.preventDefault();
  action();
}

/** A chart with all that belongs to it: values at the crosshair, exports, a table. How it is looked at, the page's charts share. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { toCsv } from "../../chart/csv.ts";
import type { CurveChart } from "../../chart/curve_chart.ts";
import { download } from "../../chart/download.ts";
import { type Line, spanOf, valueAt } from "../../chart/lines.ts";
import { imageOf } from "../../chart/image.ts";
import { exponentialMovingAverage } from "../../chart/smoothing.ts";
import { tableOf } from "../../chart/table.ts";
import { formatNumber, slug } from "../../shared/format.ts";
import type { Charts } from "../../live/use_charts.ts";
import ChartTip from "./ChartTip.tsx";
import CurveTable from "./CurveTable.tsx";
import FirstDrawing from "./FirstDrawing.tsx";
import LineSample from "../ui/LineSample.tsx";

interface CurveFigureProps {
  readonly title: string;
  readonly charts: Charts;
  readonly lines: readonly Line[];
  readonly xLabel: string;
  /** What is measured, and in what: stands beside the title. */
  readonly yLabel: string;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  /** The same, short, for the axis. */
  readonly formatTick?: (y: number) => string;
  /** For the files that are exported. */
  readonly fileName: string;
  /** Most of the lines is still on its way: what is there of them is not drawn yet. */
  readonly waiting?: boolean;
  readonly logX?: boolean;
  /** Whether the y axis is logarithmic whatever the page's charts are. */
  readonly logY?: boolean;
  /** Why there is nothing to draw, where there is not. */
  readonly empty?: string;
}

const HELP = "Arrow keys move the crosshair, Page keys move it faster, plus and minus zoom, " +
  "Shift with arrow keys moves the view, 0 shows the whole.";

/** Asked for as soon as a page has a chart, not only when the page lives: uPlot is most of the client. */
const loadChart = () => import("../../chart/curve_chart.ts");
if (typeof document !== "undefined") loadChart().catch(() => {});

export default function CurveFigure(props: CurveFigureProps) {
  const { title, charts, xLabel, yLabel, formatX, formatY, fileName, logX = false, waiting } =
    props;
  const { view: { smoothing, clips, hidden, zoom }, crosshair, focus } = charts;
  const formatTick = props.formatTick ?? formatNumber;
  const logY = props.logY ?? charts.view.logY;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<CurveChart | null>(null);
  const [ready, setReady] = useState(false);
  const [isDrawn, setDrawn] = useState(false);
  const [failure, setFailure] = useState("");
  /** Whether the crosshair is moved in this chart, and not in another of the page. */
  const [isPointed, setPointed] = useState(false);
  const id = `figure-${slug(title)}`;
  const lines = useMemo(() => props.lines.filter(({ label }) => !hidden.includes(label)), [
    props.lines,
    hidden,
  ]);

  useEffect(() => {
    let gone = false;
    loadChart().then(({ CurveChart }) => {
      if (gone || !host.current) return;
      chart.current = new CurveChart(host.current, {
        onCrosshair: (x) => {
          setPointed(x !== null);
          charts.point(x);
        },
        onView: (zoom) => charts.change({ zoom }),
      });
      setReady(true);
    }, () => setFailure("The chart could not be loaded; its numbers are in the table below."));
    return () => {
      gone = true;
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);

  // Before the next key or movement comes: the chart would take back what that one has changed.
  useLayoutEffect(() => {
    chart.current?.share({ view: zoom, crosshair, focus });
  }, [ready, zoom, crosshair, focus]);

  useEffect(() => {
    if (waiting || !chart.current) return;
    chart.current.show(lines, { xLabel, formatTick, logX, logY, smoothing, clips });
    setDrawn(true);
    performance.mark("weft-chart-drawn");
  }, [ready, waiting, lines, xLabel, formatTick, logX, logY, smoothing, clips]);

  const drawn = useMemo(
    () =>
      smoothing === 0 ? lines : lines.map((line) => ({
        ...line,
        ys: exponentialMovingAverage(line.ys, smoothing),
      })),
    [lines, smoothing],
  );
  /** What the line shows at the crosshair; of a smoothed line also what was measured. */
  const valueOf = (line: Line) => {
    const shown = drawn.find(({ label }) => label === line.label);
    return {
      shown: shown ? formatValue(shown, crosshair, formatY) : "hidden",
      raw: shown && smoothing > 0 ? formatValue(line, crosshair, formatY) : null,
    };
  };
  const whole = spanOf(lines);
  const at = crosshair ?? (zoom ?? whole).to;
  const left = isPointed ? chart.current?.crosshairLeft : null;
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
        {yLabel !== title && <span class="unit">{yLabel}</span>}
        <span class="chart-save">
          <button type="button" title="Save the image, with its legend" onClick={savePng}>
            PNG
          </button>
          <button type="button" title="Save every point" onClick={saveCsv}>CSV</button>
        </span>
        {failure && <p class="notice" role="alert">{failure}</p>}
      </figcaption>
      <div class="chart-frame">
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
            ...lines.map((line) => {
              const { shown, raw } = valueOf(line);
              return `${line.label} ${shown}${raw === null ? "" : ` smoothed, ${raw} measured`}`;
            }),
          ].join(", ")}
          onKeyDown={(event) => chart.current && handleKey(chart.current, event)}
          onBlur={() => chart.current?.pointAt(null)}
        />
        {!isDrawn && !waiting && !props.empty && (
          <FirstDrawing {...{ lines, view: zoom, logX, logY, smoothing, clips }} />
        )}
        {props.empty && <p class="chart-empty">{props.empty}</p>}
        {typeof left === "number" && crosshair !== null && (
          <ChartTip
            lines={drawn}
            x={crosshair}
            head={`${xLabel} ${formatX(crosshair)}`}
            left={left}
            width={host.current?.clientWidth ?? 0}
            format={formatY}
            focus={focus}
          />
        )}
      </div>
      <p id={`${id}-help`} class="visually-hidden">{HELP}</p>
      <ul class="legend">
        <li class="legend-x">
          {crosshair === null ? smoothing > 0 ? "Last values, smoothed" : "Last values" : (
            <>
              {xLabel} <b>{formatX(crosshair)}</b>
            </>
          )}
        </li>
        {props.lines.map((line) => (
          <LegendLine key={line.label} {...{ line, charts, ...valueOf(line) }} />
        ))}
      </ul>
      <CurveTable {...{ title, xLabel, lines, formatX, formatY, view: zoom ?? whole }} />
    </figure>
  );
}

interface LegendLineProps {
  readonly line: Line;
  readonly charts: Charts;
  readonly shown: string;
  readonly raw: string | null;
}

/** Points at its line while the pointer or the focus is on it, and hides it when it is clicked. */
function LegendLine({ line: { label, color, dash }, charts, shown, raw }: LegendLineProps) {
  const { view: { hidden }, change, bringOut } = charts;
  const isHidden = hidden.includes(label);
  const toggle = () => {
    bringOut(null);
    change({ hidden: isHidden ? hidden.filter((name) => name !== label) : [...hidden, label] });
  };
  return (
    <li
      onPointerEnter={(event) => event.pointerType === "mouse" && bringOut(label)}
      onPointerLeave={() => bringOut(null)}
    >
      <button
        type="button"
        class="legend-name"
        aria-pressed={!isHidden}
        title={`${label}: click to ${isHidden ? "show" : "hide"}`}
        onClick={toggle}
        onFocus={() => bringOut(label)}
        onBlur={() => bringOut(null)}
      >
        <LineSample color={color} dash={dash} />
        <span class="legend-label">{label}</span>
      </button>
      <b>{isHidden ? "hidden" : shown}</b>
      {raw !== null && <small>measured {raw}</small>}
    </li>
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

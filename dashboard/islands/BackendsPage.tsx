/** WASM against WebGPU: what `deno task compare` has measured. */

import { useMemo } from "preact/hooks";
import type { Comparison, CurveAxis } from "../../lib/run_log/comparison/comparison.ts";
import { assignColors, type RunColor } from "../chart/run_colors.ts";
import Card from "../components/ui/Card.tsx";
import ContenderTable from "../components/compare/ContenderTable.tsx";
import CurveFigure from "../components/chart/CurveFigure.tsx";
import EmptyState from "../components/ui/EmptyState.tsx";
import KernelBars from "../components/compare/KernelBars.tsx";
import StepBars from "../components/compare/StepBars.tsx";
import { AXES, AXIS_NAMES, type ComparisonView, viewOf } from "../live/backends.ts";
import { useCharts } from "../live/use_charts.ts";
import { useView } from "../live/use_view.ts";
import { formatCount, formatNumber, formatTime } from "../shared/format.ts";

interface Props {
  readonly comparisons: readonly Comparison[];
  /** Of the address that the page was asked for. */
  readonly query: string;
}

/** Which comparison is shown, by its name; the last one without. */
const readPicked = (query: string) => ({
  comparison: new URLSearchParams(query).get("name") ?? "",
});
const writePicked = ({ comparison }: { readonly comparison: string }) =>
  comparison && new URLSearchParams({ name: comparison }).toString();

export default function BackendsPage({ comparisons, query }: Props) {
  const [view, change] = useView(query, readPicked, writePicked);
  const picked = Math.max(0, comparisons.findIndex(({ name }) => name === view.comparison));
  if (comparisons.length === 0) {
    return (
      <EmptyState title="No comparison yet" command="deno task compare">
        Measure every back end of this machine on the same network; the result appears here.
      </EmptyState>
    );
  }
  return (
    <>
      {comparisons.length > 1 && (
        <label class="list-tools">
          Comparison
          <select onChange={(event) => change({ comparison: event.currentTarget.value })}>
            {comparisons.map(({ name, startedAt }, i) => (
              <option key={i} value={name} selected={i === picked}>
                {name} · {formatTime(startedAt)} UTC
              </option>
            ))}
          </select>
        </label>
      )}
      <OneComparison key={picked} comparison={comparisons[picked]} />
    </>
  );
}

function OneComparison({ comparison }: { readonly comparison: Comparison }) {
  const { name, status, contenders } = comparison;
  const view = useMemo(() => viewOf(comparison), [comparison]);
  // Plain loops are a hundred times slower: beside their bars all others would look alike. The table has them.
  const fast = contenders.filter(({ backend }) => backend !== "reference");
  const drawn = fast.length > 0 ? fast : contenders;
  const colors = useMemo(() => assignColors(contenders.map(({ label }) => label)), [contenders]);
  return (
    <>
      <p class="run-line">
        <b>{name}</b>
        <span>{view.network}</span>
        <span>{view.machine}</span>
        {status !== "completed" && <span>{status}: not all was measured</span>}
      </p>
      {contenders.some(({ software }) => software) && (
        <p class="notice">
          Hatched: a GPU in software, a program on the processor. Its times say nothing of any GPU.
        </p>
      )}
      <div class="cards">
        <Card
          title="A step, warm and cold"
          note="Warm: the median of many. Cold: until the first step is done."
        >
          <StepBars contenders={drawn} colors={colors} />
        </Card>
        <Card title="Kernels" note="One call of each, at the shapes of this network.">
          <KernelBars contenders={drawn} colors={colors} />
        </Card>
        <Card title="All numbers" wide>
          <ContenderTable contenders={contenders} />
        </Card>
      </div>
      <div class="figures">
        {AXES.filter((axis) => view.curves[axis].length > 0).map((axis) => (
          <Crossover key={axis} {...{ axis, name, contenders, view, colors }} />
        ))}
      </div>
    </>
  );
}

interface CrossoverProps {
  readonly axis: CurveAxis;
  /** The comparison's. */
  readonly name: string;
  readonly contenders: Comparison["contenders"];
  readonly view: ComparisonView;
  readonly colors: ReadonlyMap<string, RunColor>;
}

function Crossover({ axis, name, contenders, view, colors }: CrossoverProps) {
  const charts = useCharts(null);
  const [size, unit] = AXIS_NAMES[axis];
  const lines = useMemo(
    () =>
      view.curves[axis].map(({ contender, at, ms }) => ({
        label: contender,
        color: colors.get(contender)?.color ?? 0,
        dash: contenders.some(({ label, software }) => label === contender && software)
          ? [3, 4]
          : [],
        xs: at,
        ys: ms,
      })),
    [axis, contenders, view, colors],
  );
  return (
    <div>
      <CurveFigure
        charts={charts}
        title={`A step by ${size}`}
        lines={lines}
        xLabel={`${size[0].toUpperCase()}${size.slice(1)} (${unit})`}
        yLabel="Step (ms)"
        formatX={formatCount}
        formatY={formatNumber}
        fileName={`${name} by ${size}`}
        logX
        logY
      />
      {charts.view.zoom !== null && (
        <button
          type="button"
          onClick={() => charts.change({ zoom: null })}
        >
          Whole range
        </button>
      )}
      <ul class="crossovers">
        {view.crossovers[axis].map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
    </div>
  );
}

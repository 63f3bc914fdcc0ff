/** Picked runs beside each other, live. */

import { useMemo } from "preact/hooks";
import { meanLine } from "../chart/mean_lines.ts";
import { assignColors } from "../chart/run_colors.ts";
import Card from "../components/ui/Card.tsx";
import ChartToolbar from "../components/chart/ChartToolbar.tsx";
import CompareTable from "../components/compare/CompareTable.tsx";
import CurveFigure from "../components/chart/CurveFigure.tsx";
import EmptyState from "../components/ui/EmptyState.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import { alikeRuns } from "../live/alike.ts";
import { AXES, lineOf } from "../live/comparison.ts";
import { figuresOfRuns, whyEmpty } from "../live/figures.ts";
import { useCharts } from "../live/use_charts.ts";
import { useRuns } from "../live/use_runs.ts";
import { formatCount, formatNumber } from "../shared/format.ts";
import type { RunDetail } from "../shared/types.ts";

interface Props {
  readonly details: readonly RunDetail[];
  /** Of each run: what its color follows from. */
  readonly slots: readonly number[];
  /** Of the address that the page was asked for. */
  readonly query: string;
  /** Whether runs that are alike are one line where nobody has chosen. */
  readonly means?: boolean;
}

export default function ComparePage({ details, slots, query }: Props) {
  if (details.length === 0) {
    return (
      <EmptyState title="Nothing to compare" command="deno task train --hidden 256 --run wide">
        Pick two runs or more in{" "}
        <a href="/">the list of runs</a>. With a single run, train another one:
      </EmptyState>
    );
  }
  return <Comparison details={details} slots={slots} query={query} />;
}

/** At least one run. */
export function Comparison({ details, slots, query, ...props }: Props) {
  const { models, version, waiting, connection } = useRuns(details);
  const charts = useCharts(query);
  const { axis, charts: chosen } = charts.view;
  const means = charts.view.means ?? props.means ?? false;
  const colors = useMemo(() => assignColors(models.map(({ name }) => name), slots), [
    models,
    slots,
  ]);
  const alike = useMemo(() => alikeRuns(models), [models, version]);
  const figures = useMemo(
    () =>
      figuresOfRuns(models).map((figure) => {
        const lines = models.map((model) => ({
          ...lineOf(model, figure.columns[0], axis, colors.get(model.name)!),
          mark: axis === "epoch" && figure.columns[0].startsWith("validation")
            ? model.end?.bestEpoch
            : null,
        }));
        const joined = alike.map(({ label, places }) =>
          places.length === 1
            ? lines[places[0]]
            : { ...meanLine(places.map((place) => lines[place]), label), mark: null }
        );
        return { ...figure, lines: means ? joined : lines };
      }),
    [models, version, axis, colors, alike, means],
  );
  const shown = figures.filter(({ title, byDefault }) =>
    chosen ? chosen.includes(title) : byDefault
  );
  const { label } = AXES.find((candidate) => candidate.axis === axis)!;
  const removed = models.filter(({ removed }) => removed).map(({ name }) => name);
  const finished = models.every(({ end }) => end !== null);
  return (
    <>
      <LiveNotice connection={finished ? "live" : connection} />
      {removed.length > 0 && (
        <p class="notice" role="status">
          {removed.length === 1 ? "The folder of a run is" : "Folders of runs are"} gone:{" "}
          {removed.join(", ")}.
        </p>
      )}
      <ChartToolbar
        charts={charts}
        hasAxes
        hasMeans={alike.length < models.length}
        means={means}
        titles={figures.map(({ title }) => title)}
        shown={shown.map(({ title }) => title)}
      />
      <div class="figures">
        {shown.map(({ title, yLabel, format, formatTick, lines }) => (
          <CurveFigure
            key={`${title} ${axis}`}
            charts={charts}
            title={title}
            waiting={waiting}
            lines={lines}
            xLabel={label}
            yLabel={yLabel}
            formatX={axis === "time" ? formatNumber : formatCount}
            formatY={format}
            formatTick={formatTick}
            fileName={`${title} of ${models.length} runs by ${axis}`}
            empty={waiting ? undefined : whyEmpty(models, lines)}
          />
        ))}
      </div>
      <Card title="Results and options" note="Options that differ are marked and come first." wide>
        <CompareTable models={models} colors={colors} />
      </Card>
    </>
  );
}

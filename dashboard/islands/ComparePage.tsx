/** Picked runs beside each other, live. */

import { useMemo, useState } from "preact/hooks";
import { assignColors } from "../chart/run_colors.ts";
import Card from "../components/ui/Card.tsx";
import CompareTable from "../components/compare/CompareTable.tsx";
import CurveFigure from "../components/chart/CurveFigure.tsx";
import EmptyState from "../components/ui/EmptyState.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import { AXES, type Axis, lineOf } from "../live/comparison.ts";
import type { RunModel } from "../live/run_model.ts";
import { useRuns } from "../live/use_runs.ts";
import type { CurveColumn } from "../shared/curves.ts";
import { formatCount, formatLoss, formatNumber, formatPercentTick } from "../shared/format.ts";
import { drawnMetrics, formatMetric, isPercent, labelWords, lossLabel } from "../shared/metrics.ts";
import type { RunDetail } from "../shared/types.ts";

interface Figure {
  readonly column: CurveColumn;
  readonly title: string;
  readonly yLabel: string;
  readonly format: (value: number) => string;
  readonly isPercent?: boolean;
}

/** The losses, the validation of every metric that some run has a curve of, and how fast it went. */
function figuresOf(models: readonly RunModel[]): readonly Figure[] {
  const yLabel = [...new Set(models.map(({ run }) => lossLabel(run)))].length > 1
    ? "Loss"
    : lossLabel(models[0].run);
  const drawn = new Map(
    models.flatMap(({ run }) => drawnMetrics(run)).map((metric) => [metric.name, metric]),
  );
  return [
    { column: "validationLoss", title: "Validation loss", yLabel, format: formatLoss },
    { column: "trainLoss", title: "Training loss", yLabel, format: formatLoss },
    ...[...drawn.values()].map(({ name, label }): Figure => ({
      column: name === "accuracy" ? "validationAccuracy" : `validation.${name}`,
      title: `Validation ${labelWords(label)}`,
      yLabel: label,
      format: (value) => formatMetric(name, value),
      isPercent: isPercent(name),
    })),
    { column: "samplesPerSecond", title: "Speed", yLabel: "Samples/s", format: formatCount },
  ];
}

interface Props {
  readonly details: readonly RunDetail[];
  /** Of each run: what its color follows from. */
  readonly slots: readonly number[];
}

export default function ComparePage({ details, slots }: Props) {
  if (details.length === 0) {
    return (
      <EmptyState title="Nothing to compare" command="deno task train --hidden 256 --run wide">
        Pick two runs or more in{" "}
        <a href="/">the list of runs</a>. With a single run, train another one:
      </EmptyState>
    );
  }
  return <Comparison details={details} slots={slots} />;
}

/** At least one run. */
export function Comparison({ details, slots }: Props) {
  const { models, version, waiting, connection } = useRuns(details);
  const [axis, setAxis] = useState<Axis>("epoch");
  const colors = useMemo(() => assignColors(models.map(({ name }) => name), slots), [
    models,
    slots,
  ]);
  const figures = useMemo(
    () =>
      figuresOf(models).map((figure) => ({
        ...figure,
        lines: models.map((model) => lineOf(model, figure.column, axis, colors.get(model.name)!)),
      })),
    [models, version, axis, colors],
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
      <fieldset class="choices">
        <legend>Curves over</legend>
        {AXES.map(({ axis: value, name }) => (
          <label key={value}>
            <input
              type="radio"
              name="axis"
              checked={axis === value}
              onChange={() => setAxis(value)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <div class="figures">
        {figures.map(({ column, title, yLabel, format, isPercent, lines }) => (
          <CurveFigure
            key={`${column} ${axis}`}
            title={title}
            waiting={waiting}
            lines={lines}
            xLabel={label}
            yLabel={yLabel}
            formatX={axis === "time" ? formatNumber : formatCount}
            formatY={format}
            formatTick={isPercent ? formatPercentTick : undefined}
            fileName={`${title} of ${models.length} runs by ${axis}`}
          />
        ))}
      </div>
      <Card title="Results and options" note="Options that differ are marked and come first." wide>
        <CompareTable models={models} colors={colors} />
      </Card>
    </>
  );
}

/** Picked runs beside each other, live. */

import { useMemo, useState } from "preact/hooks";
import { assignColors } from "../chart/run_colors.ts";
import Card from "../components/ui/Card.tsx";
import CompareTable from "../components/compare/CompareTable.tsx";
import CurveFigure from "../components/chart/CurveFigure.tsx";
import EmptyState from "../components/ui/EmptyState.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import { AXES, type Axis, lineOf } from "../live/comparison.ts";
import { useRuns } from "../live/use_runs.ts";
import type { CurveColumn } from "../shared/curves.ts";
import {
  formatCount,
  formatLoss,
  formatNumber,
  formatPercent,
  formatPercentTick,
} from "../shared/format.ts";
import type { RunDetail } from "../shared/types.ts";

const FIGURES: readonly {
  readonly column: CurveColumn;
  readonly title: string;
  readonly yLabel: string;
  readonly format: (value: number) => string;
}[] = [
  {
    column: "validationLoss",
    title: "Validation loss",
    yLabel: "Cross-entropy (nats)",
    format: formatLoss,
  },
  {
    column: "trainLoss",
    title: "Training loss",
    yLabel: "Cross-entropy (nats)",
    format: formatLoss,
  },
  {
    column: "validationAccuracy",
    title: "Validation accuracy",
    yLabel: "Accuracy",
    format: formatPercent,
  },
  { column: "samplesPerSecond", title: "Speed", yLabel: "Samples/s", format: formatCount },
];

export default function ComparePage({ details }: { readonly details: readonly RunDetail[] }) {
  if (details.length === 0) {
    return (
      <EmptyState title="Nothing to compare" command="deno task train --hidden 256 --run wide">
        Pick two runs or more in{" "}
        <a href="/">the list of runs</a>. Train one more where there is one only:
      </EmptyState>
    );
  }
  return <Comparison details={details} />;
}

function Comparison({ details }: { readonly details: readonly RunDetail[] }) {
  const { models, version, waiting, connection } = useRuns(details);
  const [axis, setAxis] = useState<Axis>("epoch");
  const colors = useMemo(() => assignColors(models.map(({ name }) => name)), [models]);
  const figures = useMemo(
    () =>
      FIGURES.map((figure) => ({
        ...figure,
        lines: models.map((model) => lineOf(model, figure.column, axis, colors.get(model.name)!)),
      })),
    [models, version, axis, colors],
  );
  const { label } = AXES.find((candidate) => candidate.axis === axis)!;
  const finished = models.every(({ end }) => end !== null);
  return (
    <>
      <LiveNotice connection={finished ? "live" : connection} />
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
        {figures.map(({ column, title, yLabel, format, lines }) => (
          <CurveFigure
            key={`${column} ${axis}`}
            title={title}
            waiting={waiting}
            lines={lines}
            xLabel={label}
            yLabel={yLabel}
            formatX={axis === "time" ? formatNumber : formatCount}
            formatY={format}
            formatTick={format === formatPercent ? formatPercentTick : undefined}
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

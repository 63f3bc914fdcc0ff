/** The curves of one run: its losses and its metrics by epoch. */

import { useMemo } from "preact/hooks";
import type { RunModel } from "../../live/run_model.ts";
import type { CurveColumn } from "../../shared/curves.ts";
import { formatCount, formatLoss, formatPercentTick } from "../../shared/format.ts";
import { drawnMetrics, formatMetric, isPercent, lossLabel } from "../../shared/metrics.ts";
import CurveFigure from "../chart/CurveFigure.tsx";

interface Props {
  readonly model: RunModel;
  /** Changes where the model has changed. */
  readonly version: number;
  readonly waiting: boolean;
}

/** Blue and vermilion, as in the run's own plot. */
const TRAINING = { color: 0, dash: [8, 4] };
const VALIDATION = { color: 1, dash: [] };

export default function RunFigures({ model, version, waiting }: Props) {
  const [losses, others] = useMemo(() => {
    const xs = model.curves.column("epoch");
    const line = (
      label: string,
      column: CurveColumn,
      look: typeof TRAINING | typeof VALIDATION,
    ) => ({
      label,
      xs,
      ys: model.curves.column(column),
      ...look,
    });
    // A run may train on all rows, so that none validate.
    const validates = model.run?.dataset.validation !== 0;
    const both = (training: CurveColumn, validation: CurveColumn) => [
      line("Training", training, TRAINING),
      ...(validates ? [line("Validation", validation, VALIDATION)] : []),
    ];
    const figures = drawnMetrics(model.run).map(({ name, label }) => ({
      name,
      label,
      lines: name === "accuracy"
        ? both("trainAccuracy", "validationAccuracy")
        : both(`train.${name}`, `validation.${name}`),
    }));
    return [both("trainLoss", "validationLoss"), figures] as const;
  }, [model, version]);
  return (
    <div class="figures">
      <CurveFigure
        title="Loss"
        lines={losses}
        waiting={waiting}
        xLabel="Epoch"
        yLabel={lossLabel(model.run)}
        formatX={formatCount}
        formatY={formatLoss}
        fileName={`${model.name} loss`}
      />
      {others.map(({ name, label, lines }) => (
        <CurveFigure
          key={name}
          title={label}
          lines={lines}
          waiting={waiting}
          xLabel="Epoch"
          yLabel={label}
          formatX={formatCount}
          formatY={(value) => formatMetric(name, value)}
          formatTick={isPercent(name) ? formatPercentTick : undefined}
          fileName={`${model.name} ${label.toLowerCase()}`}
        />
      ))}
    </div>
  );
}

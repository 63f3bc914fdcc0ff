/** The curves of one run: its losses and its accuracies by epoch. */

import { useMemo } from "preact/hooks";
import type { RunModel } from "../../live/run_model.ts";
import type { CurveColumn } from "../../shared/curves.ts";
import { formatCount, formatLoss, formatPercent, formatPercentTick } from "../../shared/format.ts";
import { hasAccuracy, lossLabel } from "../../shared/metrics.ts";
import CurveFigure from "../chart/CurveFigure.tsx";

interface Props {
  readonly model: RunModel;
  /** Changes where the model has changed. */
  readonly version: number;
  readonly waiting: boolean;
}

/** Blue and vermilion, as in the run's own plot. */
const TRAINING = { colour: 0, dash: [8, 4] };
const VALIDATION = { colour: 1, dash: [] };

export default function RunFigures({ model, version, waiting }: Props) {
  const [losses, accuracies] = useMemo(() => {
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
    return [both("trainLoss", "validationLoss"), both("trainAccuracy", "validationAccuracy")];
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
      {hasAccuracy(model.run) && (
        <CurveFigure
          title="Accuracy"
          lines={accuracies}
          waiting={waiting}
          xLabel="Epoch"
          yLabel="Accuracy"
          formatX={formatCount}
          formatY={formatPercent}
          formatTick={formatPercentTick}
          fileName={`${model.name} accuracy`}
        />
      )}
    </div>
  );
}

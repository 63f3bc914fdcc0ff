/** The curves of one run: its losses and its metrics by epoch, and how fast it learned. */

import { useMemo } from "preact/hooks";
import { figuresOfRun, hasValues, whyEmpty } from "../../live/figures.ts";
import type { RunModel } from "../../live/run_model.ts";
import type { Charts } from "../../live/use_charts.ts";
import type { CurveColumn } from "../../shared/curves.ts";
import { formatCount } from "../../shared/format.ts";
import ChartToolbar from "../chart/ChartToolbar.tsx";
import CurveFigure from "../chart/CurveFigure.tsx";

interface Props {
  readonly model: RunModel;
  /** Changes where the model has changed. */
  readonly version: number;
  readonly waiting: boolean;
  readonly charts: Charts;
}

/** Blue and vermilion, as in the run's own plot. */
const TRAINING = { color: 0, dash: [8, 4] };
const VALIDATION = { color: 1, dash: [] };

export default function RunFigures({ model, version, waiting, charts }: Props) {
  const figures = useMemo(() => {
    const xs = model.curves.column("epoch");
    const best = model.end?.bestEpoch ?? null;
    // A run may train on all rows, so that none validate.
    const validates = model.run?.dataset.validation !== 0;
    const lineOf = (column: CurveColumn, columns: number) => {
      const isValidation = column.startsWith("validation");
      return {
        label: isValidation ? "Validation" : columns === 1 ? "Run" : "Training",
        xs,
        ys: model.curves.column(column),
        ...(isValidation ? VALIDATION : columns === 1 ? { ...TRAINING, dash: [] } : TRAINING),
        mark: isValidation ? best : null,
      };
    };
    return figuresOfRun(model).map((figure) => {
      const columns = figure.columns.filter((column) =>
        (validates || !column.startsWith("validation")) &&
        // The macro F1 of the training rows is known of no epoch.
        (figure.byDefault || hasValues([model], column))
      );
      return { ...figure, lines: columns.map((column) => lineOf(column, figure.columns.length)) };
    });
  }, [model, version]);
  const chosen = charts.view.charts;
  const shown = figures.filter(({ title, byDefault }) =>
    chosen ? chosen.includes(title) : byDefault
  );
  return (
    <>
      <ChartToolbar
        charts={charts}
        titles={figures.map(({ title }) => title)}
        shown={shown.map(({ title }) => title)}
      />
      <div class="figures">
        {shown.map(({ title, yLabel, lines, format, formatTick }) => (
          <CurveFigure
            key={title}
            charts={charts}
            title={title}
            lines={lines}
            waiting={waiting}
            xLabel="Epoch"
            yLabel={yLabel}
            formatX={formatCount}
            formatY={format}
            formatTick={formatTick}
            fileName={`${model.name} ${title.toLowerCase()}`}
            empty={waiting ? undefined : whyEmpty([model], lines)}
          />
        ))}
      </div>
    </>
  );
}

/** All about one run, live. */

import Card from "../components/ui/Card.tsx";
import ClassTable from "../components/run/ClassTable.tsx";
import ConfusionMatrix from "../components/run/ConfusionMatrix.tsx";
import Facts from "../components/ui/Facts.tsx";
import Inspection from "../components/run/Inspection.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import MetricTable from "../components/run/MetricTable.tsx";
import PredictedActual from "../components/run/PredictedActual.tsx";
import Machine from "../components/run/Machine.tsx";
import Phases from "../components/run/Phases.tsx";
import Problems from "../components/ui/Problems.tsx";
import RunFigures from "../components/run/RunFigures.tsx";
import RunHead from "../components/run/RunHead.tsx";
import { useRuns } from "../live/use_runs.ts";
import { formatCount, formatOption } from "../shared/format.ts";
import { metricsOf } from "../shared/metrics.ts";
import { resultsWords } from "../shared/results.ts";
import type { RunDetail } from "../shared/types.ts";

interface Props {
  readonly detail: RunDetail;
  /** Whether the run's folder has an inspection file by now. */
  readonly hasInspection: boolean;
  /** Of the address that the page was asked for. */
  readonly query: string;
}

export default function RunPage({ detail, hasInspection, query }: Props) {
  const { models: [model], version, waiting, connection } = useRuns([detail]);
  const { run, end, problems, fallbacks, resumes } = model;
  const { timedEpochs: timed, results } = model;
  const what = run?.task === "multi-label"
    ? { singular: "Label", plural: "Labels" }
    : { singular: "Class", plural: "Classes" };
  const notAll = timed < model.curves.length + model.missing;
  const matrix = end?.confusionMatrix;
  const names = matrix?.map((_, i) => end?.perClass?.[i]?.name ?? `Class ${i}`) ?? [];
  return (
    <>
      <LiveNotice connection={end ? "live" : connection} />
      <RunHead model={model} />
      {problems.length > 0 && (
        <Card title="Problems in the log" wide>
          <Problems problems={problems} />
        </Card>
      )}
      <RunFigures {...{ model, version, waiting, query }} />
      <div class="columns">
        {run && (
          <Card title="Options">
            <Facts
              facts={Object.entries(model.options).map((
                [name, value],
              ) => [name, formatOption(value)])}
            />
          </Card>
        )}
        {run && (
          <Card title="Machine">
            <Machine {...{ run, fallbacks, resumes }} />
          </Card>
        )}
        <Card
          title="Where the time went"
          note={notAll && `Of the last ${formatCount(timed)} epochs.`}
        >
          <Phases phases={model.phases} />
        </Card>
        {Object.keys({ ...results.validation, ...results.test }).length > 2 && (
          <Card title="Metrics" note={`Of the ${resultsWords(results)}.`}>
            <MetricTable
              metrics={metricsOf(run)}
              results={results}
              threshold={end?.threshold}
            />
          </Card>
        )}
        {end?.perClass && (
          <Card title={what.plural} note="On the test set.">
            <ClassTable classes={end.perClass} what={what.singular} />
          </Card>
        )}
      </div>
      <div class="cards">
        {matrix && (
          <Card
            title="Confusion matrix"
            note="Rows of the test set: each line is a true class, each column what was predicted."
            wide
          >
            <ConfusionMatrix counts={matrix} names={names} />
          </Card>
        )}
        {end?.predictions?.map((target) => (
          <Card key={target.name} title={`Predicted against actual: ${target.name}`}>
            <PredictedActual {...target} />
          </Card>
        ))}
        <Inspection
          name={detail.name}
          expected={hasInspection || (end !== null && detail.end === null)}
        />
      </div>
    </>
  );
}

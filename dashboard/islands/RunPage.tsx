/** All about one run, live. */

import Card from "../components/ui/Card.tsx";
import ClassTable from "../components/run/ClassTable.tsx";
import ConfusionMatrix from "../components/run/ConfusionMatrix.tsx";
import CommandLine from "../components/ui/CommandLine.tsx";
import FirstLayer from "../components/run/FirstLayer.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import MetricTable from "../components/run/MetricTable.tsx";
import Mistakes from "../components/run/Mistakes.tsx";
import Options from "../components/run/Options.tsx";
import PredictedActual from "../components/run/PredictedActual.tsx";
import Machine from "../components/run/Machine.tsx";
import Phases from "../components/run/Phases.tsx";
import Problems from "../components/ui/Problems.tsx";
import RunFigures from "../components/run/RunFigures.tsx";
import RunHead from "../components/run/RunHead.tsx";
import Tabs, { type Tab } from "../components/ui/Tabs.tsx";
import { useCharts } from "../live/use_charts.ts";
import { useInspection } from "../live/use_inspection.ts";
import { useRuns } from "../live/use_runs.ts";
import type { RunModel } from "../live/run_model.ts";
import { commandsOf } from "../shared/commands.ts";
import { formatCount } from "../shared/format.ts";
import { metricsOf } from "../shared/metrics.ts";
import { modelAddress } from "../shared/positions.ts";
import { resultsWords } from "../shared/results.ts";
import type { RunDetail } from "../shared/types.ts";

interface Props {
  readonly detail: RunDetail;
  /** Whether the run's folder has an inspection file by now. */
  readonly hasInspection: boolean;
  /** Whether it has a model. */
  readonly hasModel: boolean;
  /** Of the address that the page was asked for. */
  readonly query: string;
}

export default function RunPage({ detail, hasInspection, hasModel, query }: Props) {
  const { models: [model], version, waiting, connection } = useRuns([detail]);
  const charts = useCharts(query);
  const hasEnded = model.end !== null && detail.end === null;
  const inspection = useInspection(detail.name, hasInspection || hasEnded);
  const { end, problems } = model;
  const isSaved = hasModel || (hasEnded && model.results.isSaved);
  const tabs: (Tab | false)[] = [
    {
      id: "curves",
      title: "Curves",
      content: <RunFigures {...{ model, version, waiting, charts }} />,
    },
    resultsTab(model),
    !!inspection?.mistakes.length && {
      id: "mistakes",
      title: "Mistakes",
      content: (
        <Card title="Most confident mistakes" wide>
          <Mistakes inspection={inspection} />
        </Card>
      ),
    },
    !!inspection?.units.length && {
      id: "weights",
      title: "Weights",
      content: (
        <Card title="First layer" wide>
          <FirstLayer inspection={inspection} />
        </Card>
      ),
    },
    optionsTab(model, isSaved),
    machineTab(model),
  ];
  return (
    <>
      <LiveNotice connection={end ? "live" : connection} />
      <RunHead model={model} download={isSaved ? modelAddress(model.name) : null} />
      {problems.length > 0 && (
        <Card title="Problems in the log" wide>
          <Problems problems={problems} />
        </Card>
      )}
      <Tabs
        label="Parts of the run"
        tabs={tabs.filter((tab) => tab !== false)}
        picked={charts.view.tab}
        onPick={(tab) => charts.change({ tab: tab === "curves" ? "" : tab })}
      />
    </>
  );
}

/** How well each part of the test set is known: false while nothing is. */
function resultsTab({ run, end, results }: RunModel): Tab | false {
  const matrix = end?.confusionMatrix;
  const names = matrix?.map((_, i) => end?.perClass?.[i]?.name ?? `Class ${i}`) ?? [];
  const what = run?.task === "multi-label"
    ? { singular: "Label", plural: "Labels" }
    : { singular: "Class", plural: "Classes" };
  const hasMetrics = Object.keys({ ...results.validation, ...results.test }).length > 2;
  if (!hasMetrics && !end?.perClass && !matrix && !end?.predictions?.length) return false;
  const content = (
    <div class="cards">
      {hasMetrics && (
        <Card title="Metrics" note={`Of the ${resultsWords(results)}.`}>
          <MetricTable metrics={metricsOf(run)} results={results} threshold={end?.threshold} />
        </Card>
      )}
      {end?.perClass && (
        <Card title={what.plural} note="On the test set.">
          <ClassTable classes={end.perClass} what={what.singular} />
        </Card>
      )}
      {matrix && (
        <Card
          title="Confusion matrix"
          note="Rows of the test set: each line is a true class, each column what was predicted."
          wide={matrix.length > 4}
        >
          <ConfusionMatrix counts={matrix} names={names} />
        </Card>
      )}
      {end?.predictions?.map((target) => (
        <Card key={target.name} title={`Predicted against actual: ${target.name}`}>
          <PredictedActual {...target} />
        </Card>
      ))}
    </div>
  );
  const title = matrix ? "Confusion" : end?.predictions?.length ? "Predicted" : `${what.plural}`;
  return {
    id: "results",
    title: hasMetrics && !matrix && !end?.predictions ? "Metrics" : title,
    content,
  };
}

function optionsTab(model: RunModel, hasModel: boolean): Tab | false {
  const { run, name, changed, end } = model;
  if (!run) return false;
  const isCompleted = end?.status === "completed";
  return {
    id: "options",
    title: "Options",
    content: (
      <div class="cards">
        <Card title="Options" note="Those that differ from the preset come first.">
          <Options model={model} />
        </Card>
        <Card title="Commands">
          {commandsOf(name, run, changed, { hasModel, isCompleted }).map((command) => (
            <CommandLine key={command.title} {...command} />
          ))}
        </Card>
      </div>
    ),
  };
}

function machineTab(
  { run, fallbacks, resumes, phases, timedEpochs, curves, missing }: RunModel,
): Tab {
  const notAll = timedEpochs < curves.length + missing;
  return {
    id: "machine",
    title: "Machine",
    content: (
      <div class="cards">
        {run && (
          <Card title="Machine">
            <Machine {...{ run, fallbacks, resumes }} />
          </Card>
        )}
        <Card
          title="Where the time went"
          note={notAll && `Of the last ${formatCount(timedEpochs)} epochs.`}
        >
          <Phases phases={phases} />
        </Card>
      </div>
    ),
  };
}

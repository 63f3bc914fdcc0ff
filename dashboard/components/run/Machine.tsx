/** On what a run was computed: the machine, the back ends that were tried, those that failed on the way, and who continued. */

import type {
  FallbackRecord,
  ProcessesRecord,
  ResumeRecord,
  RunRecord,
} from "../../../lib/run_log/run/records.ts";
import { backendName } from "../../../lib/run_log/run/backend_name.ts";
import { formatCount, formatDuration, formatTime } from "../../shared/format.ts";
import Facts from "../ui/Facts.tsx";

interface Props {
  readonly run: RunRecord;
  readonly fallbacks: readonly FallbackRecord[];
  readonly resumes: readonly ResumeRecord[];
}

export default function Machine({ run, fallbacks, resumes }: Props) {
  const { environment, dataset, calibration = [] } = run;
  return (
    <>
      <Facts
        facts={[
          ["Back end", backendName(environment)],
          ...(environment.adapter ? [["Adapter", environment.adapter] as const] : []),
          ...(run.processes ? [["Processes", processesText(run)] as const] : []),
          ["Processors", String(environment.cpus)],
          ["System", `${environment.os} ${environment.arch}`],
          ["Deno", `${environment.deno}, V8 ${environment.v8}`],
          ["Data", dataset.name],
          [
            "Rows",
            [
              `${formatCount(dataset.train)} training`,
              `${formatCount(dataset.validation)} validation`,
              `${formatCount(dataset.test)} test`,
            ].join(", "),
          ],
        ]}
      />
      {calibration.length > 0 && (
        <table class="numbers">
          <caption>Back ends that were tried before the first epoch</caption>
          <thead>
            <tr>
              <th scope="col">Back end</th>
              <th scope="col">A step</th>
            </tr>
          </thead>
          <tbody>
            {calibration.map((tried, i) => (
              <tr key={i}>
                <th scope="row">{backendName(tried)}</th>
                <td>{tried.stepMs === null ? "failed" : formatDuration(tried.stepMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {fallbacks.length > 0 && (
        <ul class="problems">
          {fallbacks.map(({ epoch, environment, error }, i) => (
            <li key={i}>
              After epoch {epoch} it continued with {backendName(environment)}: {error}
            </li>
          ))}
        </ul>
      )}
      {resumes.length > 0 && (
        <ul class="problems">
          {resumes.map(({ resumedAt, epoch, environment, processes }, i) => (
            <li key={i}>
              Went on after epoch {epoch} at {formatTime(resumedAt)} UTC with{" "}
              {backendName(environment)}
              {processes && `, in ${processes.count} processes on ${hostsOf(processes)}`}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** "4 with 8 shards, on a, b; Open MPI 4.1.4". */
function processesText({ processes, config }: RunRecord): string {
  const { count, library } = processes!;
  const shards = typeof config.shards === "number" ? ` with ${config.shards} shards` : "";
  return `${count}${shards}, on ${hostsOf(processes!)}; ${library}`;
}

/** The machines, each named once. */
function hostsOf({ hosts }: ProcessesRecord): string {
  return [...new Set(hosts)].join(", ");
}

/** On what a run was computed: the machine, the back ends that were tried, those that failed on the way, and who continued. */

import type { FallbackRecord, ResumeRecord, RunRecord } from "../../../lib/run_log/run/records.ts";
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
          {resumes.map(({ resumedAt, epoch, environment }, i) => (
            <li key={i}>
              Went on after epoch {epoch} at {formatTime(resumedAt)} UTC with{" "}
              {backendName(environment)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

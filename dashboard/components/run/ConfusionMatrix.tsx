/** Which class is taken for which. Numbers say it; shades, of which there are ten, underline it. */

import { formatCount, formatPercent } from "../../shared/format.ts";

interface Props {
  /** O x O: a row for each true class, a column for each predicted one. */
  readonly counts: readonly (readonly number[])[];
  readonly names: readonly string[];
}

/** More classes make a table that nobody reads: only the most frequent confusions are listed then. */
const MAX_CLASSES = 30;
const MAX_CONFUSIONS = 20;

export default function ConfusionMatrix({ counts, names }: Props) {
  if (counts.length > MAX_CLASSES) return <Confusions counts={counts} names={names} />;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of confusions">
      <table class="confusion">
        <caption class="visually-hidden">
          Test rows by true class (rows) and predicted class (columns)
        </caption>
        <thead>
          <tr>
            <th scope="col">True ╲ predicted</th>
            {names.map((name, i) => (
              <th key={i} scope="col">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, i) => {
            const total = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={i}>
                <th scope="row">{names[i]}</th>
                {row.map((count, j) => (
                  <td
                    key={j}
                    class={`${i === j ? "right" : "wrong"} shade-${shade(count, total)}`}
                    title={`${names[i]} taken for ${names[j]}: ${formatCount(count)} of ${
                      formatCount(total)
                    } (${formatPercent(count / total, 1)})`}
                  >
                    {count}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** From 0 to 9. Square roots, so that few mistakes among many rows are seen too. */
function shade(count: number, total: number): number {
  if (!(count > 0) || !(total > 0)) return 0;
  return Math.min(9, Math.max(1, Math.round(9 * Math.sqrt(count / total))));
}

function Confusions({ counts, names }: Props) {
  const confusions = counts
    .flatMap((row, i) => row.map((count, j) => ({ i, j, count })))
    .filter(({ i, j, count }) => i !== j && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_CONFUSIONS);
  return (
    <table>
      <caption>The most frequent confusions of {counts.length} classes</caption>
      <thead>
        <tr>
          <th scope="col">True</th>
          <th scope="col">Predicted</th>
          <th scope="col">Rows</th>
        </tr>
      </thead>
      <tbody>
        {confusions.map(({ i, j, count }) => (
          <tr key={`${i} ${j}`}>
            <td>{names[i]}</td>
            <td>{names[j]}</td>
            <td>{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

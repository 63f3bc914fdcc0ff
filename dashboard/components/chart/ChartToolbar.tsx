/** What can be set of all charts of a page at once. */

import { AXES } from "../../live/comparison.ts";
import { WEIGHTS } from "../../live/chart_view.ts";
import type { Charts } from "../../live/use_charts.ts";

interface Props {
  readonly charts: Charts;
  /** Whether curves can be drawn over steps and time, too. */
  readonly hasAxes?: boolean;
  /** Whether some of the runs are alike, and have a mean. */
  readonly hasMeans?: boolean;
  /** Whether means are shown. */
  readonly means?: boolean;
  /** Charts that there are. */
  readonly titles: readonly string[];
  /** Those that are shown. */
  readonly shown: readonly string[];
}

export default function ChartToolbar({ charts, hasAxes, hasMeans, means, titles, shown }: Props) {
  const { view, change } = charts;
  const { smoothing, zoom, hidden } = view;
  const toggle = (title: string, isShown: boolean) => {
    const next = titles.filter((it) => it === title ? isShown : shown.includes(it));
    change({ charts: next });
  };
  return (
    <div class="chart-toolbar" role="group" aria-label="All charts">
      {hasAxes && (
        <fieldset class="choices">
          <legend>Curves over</legend>
          {AXES.map(({ axis, name }) => (
            <label key={axis}>
              <input
                type="radio"
                name="axis"
                checked={view.axis === axis}
                onChange={() => change({ axis, zoom: null })}
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <label>
        Smoothing
        <input
          type="range"
          min={0}
          max={WEIGHTS.length - 1}
          step={1}
          value={WEIGHTS.indexOf(smoothing)}
          aria-valuetext={smoothing === 0 ? "none" : `weight ${smoothing}`}
          onInput={(event) => change({ smoothing: WEIGHTS[Number(event.currentTarget.value)] })}
        />
        <output>{smoothing === 0 ? "none" : smoothing}</output>
      </label>
      <Check name="Log scale" checked={view.logY} onChange={(logY) => change({ logY })} />
      <Check name="Clip outliers" checked={view.clips} onChange={(clips) => change({ clips })} />
      {hasMeans && (
        <Check
          name="Mean and band"
          title="Runs that differ by their seed or fold alone become one line: their mean, and a band of a standard deviation"
          checked={means ?? false}
          onChange={(means) => change({ means, hidden: [] })}
        />
      )}
      {titles.length > 1 && (
        <details class="menu">
          <summary>Charts</summary>
          <div class="menu-body">
            {titles.map((title) => (
              <Check
                key={title}
                name={title}
                checked={shown.includes(title)}
                onChange={(isShown) => toggle(title, isShown)}
              />
            ))}
          </div>
        </details>
      )}
      {hidden.length > 0 && (
        <button type="button" onClick={() => change({ hidden: [] })}>
          Show all {hidden.length === 1 ? "lines" : `(${hidden.length} hidden)`}
        </button>
      )}
      {zoom !== null && (
        <button type="button" onClick={() => change({ zoom: null })}>Whole range</button>
      )}
    </div>
  );
}

interface CheckProps {
  readonly name: string;
  readonly title?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Check({ name, title, checked, onChange }: CheckProps) {
  return (
    <label title={title}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {name}
    </label>
  );
}

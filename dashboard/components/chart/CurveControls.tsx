/** What can be set of a chart. */

interface Props {
  /** The weight of the moving average; null where curves are not smoothed. */
  readonly smoothing: number | null;
  readonly logY: boolean;
  readonly zoomed: boolean;
  readonly onSmoothing: (weight: number) => void;
  readonly onLogY: (log: boolean) => void;
  readonly onReset: () => void;
}

/** Stops of the slider: each doubles, about, how many points are averaged. */
const WEIGHTS = [0, 0.5, 0.75, 0.88, 0.94, 0.97, 0.985, 0.9925];

export default function CurveControls(props: Props) {
  const { smoothing, logY, zoomed } = props;
  return (
    <div class="chart-controls">
      {smoothing !== null && (
        <label>
          Smoothing
          <input
            type="range"
            min={0}
            max={WEIGHTS.length - 1}
            step={1}
            value={WEIGHTS.indexOf(smoothing)}
            aria-valuetext={smoothing === 0 ? "none" : `weight ${smoothing}`}
            onInput={(event) => props.onSmoothing(WEIGHTS[Number(event.currentTarget.value)])}
          />
          <output>{smoothing === 0 ? "none" : smoothing}</output>
        </label>
      )}
      <label>
        <input
          type="checkbox"
          checked={logY}
          onChange={(event) => props.onLogY(event.currentTarget.checked)}
        />
        Log scale
      </label>
      <button type="button" disabled={!zoomed} onClick={props.onReset}>Whole range</button>
    </div>
  );
}

/** Where axes have their ticks; uPlot's own of a logarithmic one say too little where the range is below a decade. */

/** Round numbers from `from` to `to`: powers of ten, with 2 and 5 or with all digits between where there is room. */
export function logTicks(from: number, to: number, wanted: number): number[] {
  if (to / from < 3) return evenTicks(from, to, wanted);
  const decades = Math.log10(to / from);
  const digits = decades < wanted / 12
    ? [1, 2, 3, 4, 5, 6, 7, 8, 9]
    : decades < wanted / 2.5
    ? [1, 2, 5]
    : [1];
  const stride = Math.max(1, Math.ceil(decades / wanted));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    if (power % stride !== 0) continue;
    for (const digit of digits) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= from && tick <= to) ticks.push(tick);
    }
  }
  return ticks;
}

/** Round numbers a step apart from `from` to `to`, about as many as wanted. */
export function evenTicks(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  const power = Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((candidate) => Number(`${candidate}e${power}`) >= rough) ?? 10;
  const step = Number(`${digit}e${power}`);
  const ticks: number[] = [];
  const first = Math.ceil(from / step);
  // Where numbers are large and near each other, there may be none between.
  for (let i = 0; i <= 2 * wanted && (first + i) * step <= to; i++) {
    ticks.push(Number(((first + i) * step).toPrecision(12)));
  }
  return ticks;
}

/** Where a logarithmic axis has its ticks; uPlot's own say too little where the range is below a decade. */

/** Round numbers from `from` to `to`: powers of ten, with 2 and 5 or with all digits between where there is room. */
export function logTicks(from: number, to: number, wanted: number): number[] {
  if (to / from < 3) return linearTicks(from, to, wanted);
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

function linearTicks(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  const power = Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((candidate) => Number(`${candidate}e${power}`) >= rough) ?? 10;
  const step = Number(`${digit}e${power}`);
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

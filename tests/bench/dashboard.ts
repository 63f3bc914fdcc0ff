/**
 * The dashboard beside its aims: how soon its server answers and its pages are drawn, whether they stay smooth while runs
 * grow, and how small both are. The real server, with sample runs; what it answers is checked first.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import type { RunDetail, RunSummary } from "../../dashboard/shared/types.ts";
import { median } from "../../lib/measure/statistics.ts";
import { messageOf } from "../../lib/errors.ts";
import { NO_BROWSER } from "../support/browser.ts";
import { Dashboard, epochs, RunsFolder } from "../support/dashboard.ts";
import { eventually } from "../support/eventually.ts";
import { writeRun } from "../dashboard/sample_runs.ts";
import { Pages } from "./dashboard_pages.ts";

/** A list of many runs, and a comparison of long ones. */
const MANY = { runs: 200, epochs: 1000 };
const LONG = { names: ["a", "b"], epochs: 100_000 };

/** Between two epochs that are appended, and how long that continues. */
const APPEND_MS = 100;
const GROWING_MS = 3000;

export interface DashboardFigure {
  readonly name: string;
  readonly unit: "ms" | "MB" | "kB" | "1/s";
  /** The median; null where it was not measured, and then `reason` says why. */
  readonly value: number | null;
  /** What the value shall not exceed; what it shall exceed for frames a second; null: it is told beside others. */
  readonly aim: number | null;
  readonly reason?: string;
}

export async function measureDashboard(
  quick: boolean,
): Promise<{ readonly figures: readonly DashboardFigure[] } | { readonly reason: string }> {
  const times = quick ? 3 : 7;
  try {
    await using pages = NO_BROWSER === null ? await Pages.launch() : null;
    return {
      figures: [
        { name: "client, gzip", unit: "kB", value: await clientKilobytes(), aim: 60 },
        ...await onManyRuns(times, pages),
        ...await onLongRuns(times, pages),
      ],
    };
  } catch (error) {
    // A permission or a program that is missing is no result; a wrong result is an error.
    if (error instanceof assert.AssertionError) throw error;
    return { reason: messageOf(error).split("\n")[0] };
  }
}

/** All modules of all pages, as a server could send them. */
async function clientKilobytes(): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir("dashboard/build")) {
    if (!name.endsWith(".js")) continue;
    const file = await Deno.open(join("dashboard/build", name));
    const packed = file.readable.pipeThrough(new CompressionStream("gzip"));
    bytes += (await new Response(packed).arrayBuffer()).byteLength;
  }
  return bytes / 1000;
}

async function onManyRuns(times: number, pages: Pages | null): Promise<DashboardFigure[]> {
  await using runs = await RunsFolder.create();
  for (let run = 0; run < MANY.runs; run++) {
    await writeRun(join(runs.path, "runs"), { name: `run${run}`, epochs: MANY.epochs }, run);
  }
  const [starts, firstLists, lists, drawn]: number[][] = [[], [], [], []];
  let megabytes = 0;
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    await using dashboard = await Dashboard.start(runs.path);
    await (await dashboard.fetch("/icon.svg")).body?.cancel();
    starts.push(performance.now() - startedAt);
    firstLists.push(await timeOfList(dashboard));
    lists.push(await timeOfList(dashboard));
    const address = dashboard.address + runAddress("run7");
    if (pages) drawn.push(await pages.timeUntilDrawn(address, MANY.epochs));
    megabytes = Math.max(megabytes, await dashboard.megabytes());
  }
  const list = `list of ${MANY.runs} runs x ${MANY.epochs} epochs`;
  return [
    { name: "start to first answer", unit: "ms", value: median(starts), aim: 500 },
    { name: `${list}, first answer`, unit: "ms", value: median(firstLists), aim: 150 },
    { name: `${list}, next answer`, unit: "ms", value: median(lists), aim: 150 },
    inBrowser({ name: "one of these runs drawn", unit: "ms", aim: 500 }, drawn),
    { name: "server's memory", unit: "MB", value: megabytes, aim: 150 },
  ];
}

async function timeOfList(dashboard: Dashboard): Promise<number> {
  const startedAt = performance.now();
  const summaries = await dashboard.json<RunSummary[]>("/api/runs");
  const ms = performance.now() - startedAt;
  assert.equal(summaries.length, MANY.runs);
  for (const { state, epochs } of summaries) {
    assert.deepEqual({ state, epochs }, { state: "completed", epochs: MANY.epochs });
  }
  return ms;
}

async function onLongRuns(times: number, pages: Pages | null): Promise<DashboardFigure[]> {
  await using runs = await RunsFolder.create();
  const asked = { epochs: LONG.epochs, asked: 2 * LONG.epochs, epochMs: 5, status: null };
  for (const [seed, name] of LONG.names.entries()) {
    await writeRun(join(runs.path, "runs"), { name, ...asked }, seed);
  }
  await using dashboard = await Dashboard.start(runs.path);
  const readAt = performance.now();
  for (const name of LONG.names) await readWhole(dashboard, name);
  const readMs = performance.now() - readAt;
  const drawn: number[] = [];
  const appended: number[] = [];
  const frames: number[] = [];
  if (pages) {
    const address = dashboard.address + compareAddress(LONG.names);
    for (let i = 0; i < times; i++) drawn.push(await pages.timeUntilDrawn(address, LONG.epochs));
    let last = LONG.epochs;
    const growing = await pages.whileGrowing(address, last, async () => {
      for (const endAt = performance.now() + GROWING_MS; performance.now() < endAt;) {
        last++;
        for (const name of LONG.names) runs.append(name, ...epochs(last, last));
        await new Promise((resolve) => setTimeout(resolve, APPEND_MS));
      }
      return last;
    });
    appended.push(growing.msPerEpoch);
    frames.push(growing.framesPerSecond);
  }
  const long = `${LONG.names.length} runs x ${LONG.epochs} epochs`;
  return [
    { name: `${long}, logs read`, unit: "ms", value: readMs, aim: null },
    inBrowser({ name: `${long}, drawn`, unit: "ms", aim: 1000 }, drawn),
    inBrowser({ name: "page's work for an epoch of each", unit: "ms", aim: null }, appended),
    inBrowser({ name: "frames while they grow", unit: "1/s", aim: 30 }, frames),
    { name: "server's memory", unit: "MB", value: await dashboard.megabytes(), aim: 150 },
  ];
}

/** Waits until the server has read a log to its end. */
async function readWhole(dashboard: Dashboard, name: string): Promise<void> {
  const count = async () => (await dashboard.json<RunDetail>(`/api/runs/${name}`)).epochCount;
  assert.equal(await eventually(count, (read) => read === LONG.epochs), LONG.epochs);
}

function inBrowser(
  figure: Pick<DashboardFigure, "name" | "unit" | "aim">,
  values: readonly number[],
): DashboardFigure {
  if (values.length === 0) return { ...figure, value: null, reason: NO_BROWSER! };
  return { ...figure, value: median(values) };
}

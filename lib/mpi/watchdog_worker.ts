/** The watching thread of watchdog.ts. */
import { host } from "../host/mod.ts";
import { loadMpi } from "./library.ts";
import { CALLS, PARTNER, STEP, type WatchdogOrders } from "./watchdog.ts";

/** Between two looks. */
const LOOK_MS = 200;

/** Of neighboring ranks, so that one of them says why, and the others are ended before they can. */
const TURN_MS = 400;

self.onmessage = ({ data }: MessageEvent<WatchdogOrders>) => watch(data);

function watch({ words: shared, library, timeoutMs, rank, hosts }: WatchdogOrders): void {
  const { functions, handles } = loadMpi(library);
  const words = new Int32Array(shared);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let seen = -1;
  let since = performance.now();
  while (true) {
    Atomics.wait(clock, 0, 0, LOOK_MS);
    const calls = Atomics.load(words, CALLS);
    const isInCall = calls % 2 !== 0;
    if (!isInCall || calls !== seen) {
      seen = calls;
      since = performance.now();
      continue;
    }
    if (performance.now() - since < timeoutMs + rank * TURN_MS) continue;
    const step = Atomics.load(words, STEP);
    // Of two, a call that waits for all waits for the other.
    const waited = Atomics.load(words, PARTNER);
    const partner = waited < 0 && hosts.length === 2 ? 1 - rank : waited;
    const others = partner < 0 ? "the others" : `rank ${partner} on ${hosts[partner]}`;
    const where = step > 0 ? ` in step ${step}` : "";
    const line = `error: rank ${rank} on ${hosts[rank]} has waited ${
      timeoutMs / 1000
    } s for ${others}${where}: a process has stopped or is stuck; resume the run, or give more time with --mpi-timeout\n`;
    host.stderr.writeSync(new TextEncoder().encode(line));
    functions.MPI_Abort(handles.world, 1);
    // Some libraries return, and end the process a moment later.
    return;
  }
}

// A team of threads over one shared memory: forked and joined for every kernel.
//
// The host's thread is member 0 and works like the others. It writes a job, raises the generation, does its own part and
// waits until nobody is pending. Members spin for the next generation for a while, because the host is back within
// microseconds while it trains, and then sleep until they are woken.
//
// A member has a share of the work, which it does in pieces, and then helps those who are behind: rows full of zeros
// are quickly done, and a processor that others use as well is slow. Every element of an output is computed by one member,
// with its terms in an order that does not depend on the pieces, so results have the same bits whatever the number of
// members and who does what.
import { QUIT, runPart } from "./dispatch";
import { ASLEEP, extentOf, grainOf, kernelOf, PENDING, SLEEPERS, takenOf } from "./job";

/**
 * Looks before a thread sleeps, some 150 microseconds of them: more than waking up costs, and more than parts of a job
 * differ by. Longer would take the processor from others where threads outnumber processors.
 */
const SPINS: i32 = 50000;

/** Pieces of a share: enough that nobody waits long for the last one, few enough that taking them costs nothing. */
const PIECES: i32 = 16;

/**
 * Runs the job in `job` and returns when it is done.
 *
 * @param members 1: this thread alone, for a job that is too small to share; else the whole team
 */
export function fork(job: usize, members: i32): void {
  if (members == 1) return runPart(job, 0, 0, extentOf(job));
  for (let member = 0; member < members; member++) store<i32>(takenOf(job, member), 0);
  atomic.store<i32>(job + PENDING, members - 1);
  atomic.add<i32>(job, 1);
  if (atomic.load<i32>(job + SLEEPERS) > 0) atomic.notify(job, -1);
  runShares(job, 0, members);
  join(job);
}

function join(job: usize): void {
  for (let spins = 0; spins < SPINS; spins++) {
    if (atomic.load<i32>(job + PENDING) == 0) return;
  }
  // As with sleepers: the last member looks here after its own farewell, and `wait` returns at once if that was first.
  atomic.store<i32>(job + ASLEEP, 1);
  let pending = atomic.load<i32>(job + PENDING);
  while (pending > 0) {
    atomic.wait<i32>(job + PENDING, pending, -1);
    pending = atomic.load<i32>(job + PENDING);
  }
  atomic.store<i32>(job + ASLEEP, 0);
}

/**
 * The life of a member: waits for jobs and does its part of each, until one says QUIT. It starts at generation 0, before
 * the first job. No job begins before every member has finished the last, so none is ever missed.
 *
 * @param member from 1
 */
export function serve(job: usize, member: i32, members: i32): void {
  let generation = 0;
  while (true) {
    let spins = 0;
    while (atomic.load<i32>(job) == generation) {
      if (++spins <= SPINS) continue;
      // The host looks for sleepers after it has raised the generation, and `wait` returns at once if it has been.
      atomic.add<i32>(job + SLEEPERS, 1);
      atomic.wait<i32>(job, generation, -1);
      atomic.sub<i32>(job + SLEEPERS, 1);
    }
    generation++;
    const quit = kernelOf(job) == QUIT;
    if (!quit) runShares(job, member, members);
    atomic.sub<i32>(job + PENDING, 1);
    if (atomic.load<i32>(job + ASLEEP) != 0) atomic.notify(job + PENDING, 1);
    if (quit) return;
  }
}

/** As member `member`: the pieces of its own share, then what is left of the others'. */
function runShares(job: usize, member: i32, members: i32): void {
  const extent = extentOf(job);
  const grain = grainOf(job);
  const grains = (extent + grain - 1) / grain;
  for (let i = 0; i < members; i++) {
    const owner = member + i < members ? member + i : member + i - members;
    const first = <i32>(<i64>grains * owner / members);
    const end = <i32>(<i64>grains * (owner + 1) / members);
    const piece = (end - first + PIECES - 1) / PIECES;
    const taken = takenOf(job, owner);
    while (true) {
      const begin = first + atomic.add<i32>(taken, piece);
      if (begin >= end) break;
      runPart(job, member, begin * grain, min(min(begin + piece, end) * grain, extent));
    }
  }
}

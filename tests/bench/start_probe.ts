/** Does what `deno task train` does until its first step, and prints when (milliseconds since 1970) each part was done. */
import { loadDataset } from "../../data/load.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import { train } from "../../lib/train/trainer.ts";
import "../../lib/cli/program.ts"; // All that the command loads.
import "../../lib/cli/train/command.ts";

const instants: Record<string, number> = {};
const mark = (name: string) => instants[name] = performance.timeOrigin + performance.now();

instants["Deno itself"] = performance.timeOrigin;
mark("modules");
const starting = createBackend();
const { dataset } = await loadDataset();
mark("data: found, checked, unpacked");
using backend = await starting;
mark("back end, started with the data");
for await (const event of train({ train: dataset.train, backend })) {
  // The next thing that training does is its first step.
  mark("split, weights, zeroRowOrder, upload");
  if (event.type === "start") break;
}
console.log(JSON.stringify(instants));

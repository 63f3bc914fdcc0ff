/**
 * Makes the screenshots of README and guides from real runs: trains three networks on Fashion-MNIST, compares back ends,
 * and photographs the dashboard's pages in Chromium. `deno task docs:screenshots` runs it, from the repository's folder.
 */
import { join } from "node:path";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import { chartsDrawn, islandsAlive, launch, NO_BROWSER } from "../support/browser.ts";
import { permissionFlags } from "../support/cli.ts";
import { Dashboard, RunsFolder } from "../support/dashboard.ts";

const DATA = "data/cache";
/** A page with images loads slowly where they are larger. */
const MOST_BYTES = 200_000;
const WIDTH = 1100;

const RUNS: Readonly<Record<string, readonly string[]>> = {
  baseline: [],
  "two-layers": ["--hidden", "100,50", "--activation", "relu", "--initializer", "he-normal"],
  adamw: ["--preset", "small", "--validation", "0.2"],
};

interface Shot {
  readonly file: string;
  readonly address: string;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

const SHOTS: readonly Shot[] = [
  { file: "run", address: runAddress("two-layers"), height: 780, colorScheme: "light" },
  {
    file: "compare",
    address: compareAddress(Object.keys(RUNS)),
    height: 640,
    colorScheme: "dark",
  },
  { file: "backends", address: "/backends", height: 700, colorScheme: "light" },
];

/** Runs a command to its end, with the permissions of its task; its runs go into `folder`. */
async function weft(folder: string, ...args: string[]): Promise<void> {
  const flags = permissionFlags(args[0]).map((flag) =>
    flag.startsWith("--allow-write") ? `--allow-write=${join(folder, "runs")}` : flag
  );
  const program = ["run", "-q", "--no-prompt", ...flags, "main.ts", ...args, "--data-dir", DATA];
  const env = { WEFT_HOME: folder };
  const { success } = await new Deno.Command("deno", {
    args: program,
    env,
    stdout: "null",
    stderr: "inherit",
  })
    .output();
  if (!success) throw new Error(`weft ${args.join(" ")} failed`);
}

async function photograph(dashboard: Dashboard): Promise<void> {
  const browser = await launch();
  try {
    for (const { file, address, height, colorScheme } of SHOTS) {
      const page = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme });
      await page.goto(dashboard.address + address);
      await islandsAlive(page);
      await chartsDrawn(page);
      const image = await page.screenshot();
      if (image.length > MOST_BYTES) throw new Error(`${file} has ${image.length} bytes`);
      await Deno.writeFile(`docs/dashboard_${file}.png`, image);
      console.log(`docs/dashboard_${file}.png: ${image.length} bytes`);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  if (NO_BROWSER) throw new Error(`Cannot make screenshots: ${NO_BROWSER}`);
  await using runs = await RunsFolder.create();
  for (const [name, options] of Object.entries(RUNS)) {
    await weft(runs.path, "train", "--run", name, ...options);
    console.log(`trained ${name}`);
  }
  await weft(runs.path, "compare", "--quick", "--out", "compare-shown");
  await using dashboard = await Dashboard.start(runs.path);
  await photograph(dashboard);
}

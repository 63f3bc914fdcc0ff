/** TypeScript's strictest users: their compilers read every declaration of the package, and complain of none. */

import { join } from "node:path";
import { packageTest, project, succeed, write } from "./package.ts";

const COMPILERS = {
  typescript57: "npm:typescript@~5.7",
  typescript59: "npm:typescript@~5.9",
  typescript6: "npm:typescript@~6.0",
  typescript7: "npm:typescript@~7.0",
};

const USER = `
import {
  createBackend,
  decodeModel,
  encodeModel,
  type EndEvent,
  predictProbabilities,
  readCsv,
  type Table,
  train,
  Trainer,
  type TrainOptions,
} from "@weft/weft";
import { type Answer, createPredictor } from "@weft/weft/predict";

import { type DecodedImage, decodeImage } from "@weft/weft/images";

const { height, pixels: decoded }: DecodedImage = await decodeImage(new Uint8Array());
decoded.subarray(height);
const images = { rows: 40, height: 2, width: 2, pixels: new Uint8Array(160), labels: new Uint8Array(40) };
const options: TrainOptions = { train: images, config: { hidden: [8], epochs: 2 } };
let end: EndEvent | undefined;
for await (const event of train(options)) {
  if (event.type === "epoch") event.trainLoss.toFixed(3);
  if (event.type === "end") end = event;
}
if (end?.model) {
  const bytes: Uint8Array = encodeModel(end.model);
  const rows: Float32Array[] = await predictProbabilities(decodeModel(bytes, "x"), images.pixels);
  const answers: Answer[] = (await createPredictor(bytes)).predict(images.pixels);
  rows.concat(answers.map(() => new Float32Array(1)));
}
const table: Table = await readCsv("a\\n1\\n");
const column = table.columns[0];
if (column?.kind === "number") column.values.length;
const backend = await createBackend({ threads: 1 });
backend[Symbol.dispose]();
const trainer = await Trainer.create(options);
trainer[Symbol.dispose]();
// @ts-expect-error -- a slip of the pen is found
createBackend({ thread: 1 });
`;

/** Projects for pages, and for Node with its types. */
const PROJECTS = {
  page: { lib: ["es2022", "dom"], types: [], module: "esnext", moduleResolution: "bundler" },
  node: { lib: ["es2022"], types: ["node"], module: "nodenext" },
};

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2022",
};

let made: Promise<string> | null = null;

function folder(): Promise<string> {
  made ??= (async () => {
    const folder = await project("types", { ...COMPILERS, "@types/node": "^24" });
    const configs = Object.entries(PROJECTS).map(([name, own]) => {
      const config = { compilerOptions: { ...STRICT, ...own }, files: ["user.ts"] };
      return [`${name}.json`, JSON.stringify(config)];
    });
    await write(folder, { "user.ts": USER, ...Object.fromEntries(configs) });
    return folder;
  })();
  return made;
}

for (const compiler of Object.keys(COMPILERS)) {
  packageTest(`${compiler}: a strict project compiles without skipLibCheck`, async () => {
    const at = await folder();
    const program = join(at, "node_modules", compiler, "bin", "tsc");
    for (const name of Object.keys(PROJECTS)) {
      await succeed("node", [program, "-p", `${name}.json`], { cwd: at });
    }
  });
}

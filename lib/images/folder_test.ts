import assert from "node:assert/strict";
import { join } from "node:path";
import { encode } from "fast-png";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import { type ImageFolder, imageFolder, type ImagePart } from "../images.ts";
import type { ImageFile } from "./image_file.ts";

/** A PNG of one gray, or of one color. */
function png(height: number, width: number, value: number | readonly [number, number, number]) {
  const channels = typeof value === "number" ? 1 : 3;
  const data = Uint8Array.from(
    { length: height * width * channels },
    (_, i) => typeof value === "number" ? value : value[i % 3],
  );
  return encode({ width, height, data, channels });
}

const file = (path: string, bytes: Uint8Array = png(2, 2, 9)): ImageFile => ({
  path,
  bytes: () => bytes,
});
const labelsOf = (part: ImagePart) => [
  ..."labels" in part ? part.labels : (part.targets as { labels: Uint8Array }).labels,
];
const summary = ({ train, validation, test, classNames, classCounts, notes }: ImageFolder) => ({
  train: labelsOf(train),
  ...validation ? { validation: labelsOf(validation) } : {},
  ...test ? { test: labelsOf(test) } : {},
  classNames,
  classCounts,
  notes,
});

Deno.test("a folder is a class, and images stand by path, in whatever order files come", async () => {
  const files = ["10/a.png", "9/b.png", "9/deep/er/a.png", "10/c.PNG"].map((path, i) =>
    file(path, png(1, 2, i))
  );
  const expected = {
    train: [1, 1, 0, 0],
    classNames: ["9", "10"],
    classCounts: [2, 2],
    notes: [],
  };
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(files, { minLength: 4 }), async (shuffled) => {
      const folder = await imageFolder(shuffled);
      assert.deepEqual(summary(folder), expected);
      assert.deepEqual(folder.train.shape, [1, 2]);
      assert.deepEqual([...folder.train.features], [0, 0, 3, 3, 1, 1, 2, 2]);
    }),
    { numRuns: 10 },
  );
});

Deno.test("folders of parts are parts, and a class that is not trained on counts as an error", async () => {
  const paths = ["train/a/1.png", "train/b/1.png", "test/b/1.png", "test/c/1.png", "val/a/2.png"];
  assert.deepEqual(summary(await imageFolder(paths.map((path) => file(path)))), {
    train: [0, 1],
    validation: [0],
    test: [1, 2],
    classNames: ["a", "b"],
    classCounts: [1, 1],
    notes: ['the class "c" has no training images: its 1 test image counts as an error'],
  });
  const { test } = await imageFolder(paths.map((path) => file(path)));
  assert.equal((test as { targets: { known?: number } }).targets.known, 2);
  // Vehicles, of which one is called so.
  const vehicles = await imageFolder(["train/1.png", "bus/1.png"].map((path) => file(path)));
  assert.deepEqual(vehicles.classNames, ["bus", "train"]);
  const alone = await imageFolder(["train/a/1.png", "train/b/1.png"].map((path) => file(path)));
  assert.deepEqual([alone.classNames, alone.test], [["a", "b"], undefined]);
});

Deno.test("what systems leave is passed over, and what is no image by its name noted", async () => {
  const names = ["a/1.png", "b/1.png", ".DS_Store", "a/._1.png", "__MACOSX/a/1.png", "a/Thumbs.db"];
  const others = ["labels.csv", "a/notes.txt"];
  const { notes, classNames } = await imageFolder([...names, ...others].map((it) => file(it)));
  assert.deepEqual(classNames, ["a", "b"]);
  assert.deepEqual(notes, ["a/notes.txt, labels.csv are left out: no image by the name"]);
});

Deno.test("three channels where one image has colors, one where none has, or as is asked for", async () => {
  const gray = [file("a/1.png", png(1, 1, 7)), file("b/1.png", png(1, 1, [5, 5, 5]))];
  const colored = [...gray, file("b/2.png", png(1, 1, [1, 2, 3])), file("b/3.png", png(1, 1, 8))];
  const features = async (files: ImageFile[], channels?: 1 | 3) => {
    const { train } = await imageFolder(files, { channels });
    return [train.shape, [...train.features]];
  };
  assert.deepEqual(await features(gray), [[1, 1], [7, 5]]);
  assert.deepEqual(await features(gray, 3), [[1, 1, 3], [7, 7, 7, 5, 5, 5]]);
  const expected = [[1, 1, 3], [7, 7, 7, 5, 5, 5, 1, 2, 3, 8, 8, 8]];
  assert.deepEqual(await features(colored), expected);
  assert.deepEqual(await features(colored, 1), [[1, 1], [7, 5, 2, 8]]);
});

Deno.test("images of several sizes need one to become, which the refusal says", async () => {
  const files = ["a/1.png", "a/2.png", "b/1.png", "b/2.png"].map((path, i) =>
    file(path, png(2, i < 1 ? 4 : 2, 100))
  );
  await assert.rejects(
    imageFolder(files, { name: "pics" }),
    new WeftError(
      "Cannot use pics: its images have 2 sizes, height x width: 2 x 2 (3), 2 x 4 (1); make them alike, with --size 2x2 for instance",
    ),
  );
  const { train } = await imageFolder(files, { size: { height: 2, width: 2 } });
  assert.deepEqual(train.shape, [2, 2]);
  // Half as wide, an image of twice the width is half as high, and stands in the middle: one row of two, rounded down.
  assert.deepEqual([...train.features.subarray(0, 4)], [100, 100, 0, 0]);
  assert.deepEqual([...train.features.subarray(4)], new Array(12).fill(100));
});

Deno.test("broken images are named and counted, or left out if that is asked for", async () => {
  const broken = ["a/x.png", "b/y.jpg", "b/z.webp", "a/w.gif"].map((path) =>
    file(path, new TextEncoder().encode(path.endsWith("gif") ? "GIF89a" : "<html>"))
  );
  const lost: ImageFile = {
    path: "b/v.png",
    bytes: () => Promise.reject(new WeftError("Cannot read b/v.png: it is gone")),
  };
  const files = [file("a/1.png"), file("b/1.png"), ...broken, lost];
  const why = "5 of 7 images: a/w.gif (it is a GIF image; save it as PNG), " +
    "a/x.png (it is an HTML page; download the file itself), b/v.png (Cannot read b/v.png: it is gone) and 2 more";
  await assert.rejects(
    imageFolder(files),
    new WeftError(
      `Cannot read ${why}; mend or remove them, or leave them out with --skip-broken`,
    ),
  );
  const { train, notes } = await imageFolder(files, { skipBroken: true });
  assert.equal(train.rows, 2);
  assert.match(notes[0], /^5 of 7 images cannot be read, and are left out: a\/w\.gif \(/);
  const one = [file("a/1.png"), ...broken.slice(1)];
  await assert.rejects(
    imageFolder(one, { skipBroken: true }),
    /no training image of the class "b" can be read; mend them, or remove the class$/,
  );
});

Deno.test("what is no folder of images is refused in one line", async () => {
  const two = [file("a/1.png"), file("b/1.png")];
  const many = Array.from({ length: 257 }, (_, i) => file(`${i}/1.png`));
  const huge = { length: 2000 };
  for (
    const [files, options, kind, why] of [
      [[], {}, WeftError, /^Cannot use the folder: it holds no images; give a folder with/],
      [[file("a/1.txt")], {}, WeftError, /it holds no images;/],
      [[file("a/1.png")], {}, WeftError, /all images are of one class, "a"; give at least two$/],
      [[...two, file("c.png")], {}, WeftError, /c\.png stands in no folder of a class;/],
      [many, {}, WeftError, /it has folders for 257 classes, and 256 are possible$/],
      [two, { channels: 2 }, UsageError, /with 2 channels: give 1 for gray or 3 for colors$/],
      [two, { size: { height: 0, width: 5 } }, UsageError, /images of 0 x 5 pixels: sides are/],
      [
        Array.from(huge, (_, i) => file(`${i % 2}/${i}.png`)),
        { size: { height: 4096, width: 4096 } },
        WeftError,
        /take 33554432000 bytes, and at most 2147483647 are possible; .* --size 1036x1036 at most$/,
      ],
    ] as const
  ) {
    await assert.rejects(imageFolder(files, options as never), (error) => {
      assert(error instanceof kind, String(error));
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});

Deno.test("however many files there are, few are in memory at a time, and progress is told", async () => {
  const bytes = png(1, 1, 3);
  let open = 0;
  let most = 0;
  async function* files(): AsyncGenerator<ImageFile> {
    for (let i = 0; i < 3000; i++) {
      yield {
        path: `${i % 3}/${i}.png`,
        bytes: async () => {
          most = Math.max(most, ++open);
          await Promise.resolve();
          open--;
          return bytes;
        },
      };
    }
  }
  const told: number[] = [];
  const { train } = await imageFolder(files(), { onProgress: ({ done }) => void told.push(done) });
  assert.equal(train.rows, 3000);
  assert(most <= 10, `${most} files were being read at once`);
  assert.deepEqual(told, told.toSorted((a, b) => a - b));
  assert.equal(told.at(-1), 3000);
  assert(told.length > 10);
});

Deno.test("JPEG, WebP and PNG go together", async () => {
  const folder = join(import.meta.dirname!, "../../tests/samples/images");
  const names = ["color.jpg", "lossy.webp", "palette.png", "gray.jpg"];
  const files = names.map((name, i) =>
    file(`${i % 2}/${name}`, Deno.readFileSync(join(folder, name)))
  );
  const { train } = await imageFolder(files);
  assert.deepEqual([train.rows, train.shape], [4, [11, 17, 3]]);
});

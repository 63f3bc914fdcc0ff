import assert from "node:assert/strict";
import fc from "fast-check";
import { confusionMatrixText } from "./confusion_matrix.ts";
import { displayWidth } from "./display_width.ts";

function matrix(classes: number, count: (trueClass: number, predicted: number) => number) {
  return Array.from(
    { length: classes },
    (_, trueClass) =>
      Array.from({ length: classes }, (_, predicted) => count(trueClass, predicted)),
  );
}

function numberedNames(classes: number): string[] {
  return Array.from({ length: classes }, (_, index) => `letter ${index}`);
}

Deno.test("a small matrix is drawn whole, with names cut to their columns", () => {
  assert.equal(
    confusionMatrixText([[950, 50, 0], [3, 7, 0], [0, 1, 12]], [
      "Ankle boot",
      "Bag",
      "티셔츠/윗도리",
    ]),
    [
      "Rows: true class. Columns: predicted class.",
      "              Ankle b     Bag 티셔츠/",
      "Ankle boot        950      50       .",
      "Bag                 3       7       .",
      "티셔츠/윗도리       .       1      12",
    ].join("\n"),
  );
});

Deno.test("ten classes of ten thousand rows fit 80 columns, in English and Korean", () => {
  const english = "T-shirt/top Trouser Pullover Dress Coat Sandal Shirt Sneaker Bag Ankle-boot";
  const korean = "티셔츠/윗도리 바지 스웨터 드레스 코트 샌들 셔츠 스니커즈 가방 앵클부츠";
  for (const names of [english, korean]) {
    const text = confusionMatrixText(matrix(10, () => 10_000), names.split(" "));
    const lines = text.split("\n");
    assert.equal(lines.length, 12);
    const widths = new Set(lines.slice(1).map(displayWidth));
    assert.equal(widths.size, 1, "every line of the matrix is equally wide");
    assert([...widths][0] <= 80);
  }
});

Deno.test("classes whose names begin alike get numbers", () => {
  const lines = confusionMatrixText(matrix(10, (i, j) => i === j ? 1000 : 7), numberedNames(10))
    .split("\n");
  assert.match(lines[1], /^ +#0 +#1 .* #9$/);
  assert.match(lines[4], /^#2 letter 2 +7 +7 +1000 /);
});

Deno.test("where the matrix does not fit, the most frequent confusions are listed", () => {
  const confusion = matrix(26, (i, j) => i === j ? 60 : i === 3 && j === 5 ? 20 : i === 25 ? 1 : 0);
  const lines = confusionMatrixText(confusion, numberedNames(26)).split("\n");
  assert.equal(lines[0], "The most frequent confusions (15 of 26):");
  assert.equal(lines[2], "letter 3         letter 5                20        25.0 %");
  assert.equal(lines[3], "letter 25        letter 0                 1         1.2 %");
  assert.equal(lines.length, 17);
});

Deno.test("a wide matrix without a confusion says so", () => {
  const perfect = matrix(26, (i, j) => i === j ? 4 : 0);
  assert.equal(confusionMatrixText(perfect, numberedNames(26)), "No class was taken for another.");
});

Deno.test("whatever the names and counts, no line is wider than 80 columns", () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "b", " ", "가", "\n", "\u001b"),
    maxLength: 40,
  });
  const names = fc.array(name, { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(names, fc.nat({ max: 10_000_000 }), (names, count) => {
    const text = confusionMatrixText(matrix(names.length, (i, j) => count * ((i + j) % 3)), names);
    assert(text.split("\n").every((line) => displayWidth(line) <= 80));
  }));
});

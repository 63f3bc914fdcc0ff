/** The page of the predictor as a person sees it: an exported folder, a real server and a real browser. */

import assert from "node:assert/strict";
import axe from "axe-core";
import { encode } from "fast-png";
import type { Page } from "playwright-core";
import { FASHION_MNIST_CLASS_NAMES } from "../../lib/dataset/class_names.ts";
import type { Model } from "../../lib/model/model.ts";
import { browserTest, type TestBrowser } from "../support/browser.ts";
import { DenoServer, exported } from "./exported.ts";

/** Where images of the page go that a person may look at; not kept. */
const SCREENSHOTS = "coverage/edge_page";

/** A network without hidden layers: class `c` is bright where a pixel's row, in parts of 28, is the class's. */
function rowsModel(): Model {
  const [side, outputs] = [28, 10];
  const weights = Float32Array.from({ length: side * side * outputs }, (_, i) => {
    const row = Math.floor(i / outputs / side);
    return Math.floor(row * outputs / side) === i % outputs ? 0.3 : 0;
  });
  return {
    architecture: { inputs: side * side, hidden: [], outputs, activation: "relu" },
    parameters: [{ weights, bias: new Float32Array(outputs) }],
    height: side,
    width: side,
    inputScale: 1 / 255,
    classNames: FASHION_MNIST_CLASS_NAMES.en,
    preset: "baseline",
  };
}

/** Draws a line across the square, at a height from 0 to 1. */
async function drawAcross(page: Page, height: number): Promise<void> {
  const box = (await page.locator("#canvas").boundingBox())!;
  const y = box.y + box.height * height;
  await page.mouse.move(box.x + 20, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 20, y, { steps: 8 });
  await page.mouse.up();
}

async function onPage(
  browser: TestBrowser,
  look: Parameters<TestBrowser["open"]>[1],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  await using workplace = await exported(rowsModel());
  await using server = await DenoServer.start(workplace.path("dist"));
  const page = await browser.open(`${server.address}/`, look);
  await use(page);
  await page.close();
}

function verdictIs(page: Page, name: string): Promise<void> {
  return page.getByRole("status").filter({ hasText: `${name}, with` }).waitFor();
}

browserTest(
  "what is drawn is classified, and cleared",
  (browser) =>
    onPage(browser, {}, async (page) => {
      assert.equal(await page.getByRole("status").textContent(), "Nothing to look at yet.");
      await drawAcross(page, 0.05);
      await verdictIs(page, "T-shirt/top");
      assert.equal(await page.locator("li").count(), 10);
      assert.equal(await page.locator("li.best").count(), 1);
      assert.match(await page.locator("li.best").innerText(), /^T-shirt\/top\s+\d+\.\d %$|%/);
      await page.getByRole("button", { name: "Clear" }).click();
      assert.equal(await page.getByRole("status").textContent(), "Nothing to look at yet.");
      assert.equal(await page.locator("li").count(), 0);
      await drawAcross(page, 0.97);
      await verdictIs(page, "Ankle boot");
    }),
);

browserTest(
  "an image is chosen or dropped, of any size, light on dark or dark on light",
  (browser) =>
    onPage(browser, {}, async (page) => {
      const [width, height] = [600, 600];
      /** An image with a bright line at the height of a class. */
      const line = (label: number, dark: number, bright: number) =>
        encode({
          width,
          height,
          channels: 1,
          data: Uint8Array.from({ length: width * height }, (_, i) => {
            const row = Math.floor(i / width) / height;
            return Math.abs(row - (label + 0.5) / 10) < 0.03 ? bright : dark;
          }),
        });
      const file = (bytes: Uint8Array) => ({
        name: "image.png",
        mimeType: "image/png",
        buffer: bytes as never,
      });
      const { Buffer } = await import("node:buffer");
      await page.locator("#file").setInputFiles(file(Buffer.from(line(1, 0, 255))));
      await verdictIs(page, "Trouser");
      await page.getByLabel("Images are dark on light").check();
      await page.locator("#file").setInputFiles(file(Buffer.from(line(8, 255, 0))));
      await verdictIs(page, "Bag");

      const dropped = await page.evaluateHandle((bytes) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], "p.png", { type: "image/png" }));
        return transfer;
      }, [...line(4, 255, 0)]);
      await page.dispatchEvent("#canvas", "drop", { dataTransfer: dropped });
      await verdictIs(page, "Coat");

      await page.locator("#file").setInputFiles({
        ...file(Buffer.from("no image")),
      });
      await page.getByRole("status").filter({ hasText: "Cannot show this file" }).waitFor();
    }),
);

const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, ...look } of LOOKS) {
  browserTest(
    `everybody can use the page: ${name}`,
    (browser) =>
      onPage(browser, look, async (page) => {
        await drawAcross(page, 0.55);
        await verdictIs(page, "Sandal");
        await page.evaluate(axe.source);
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
          const { violations } = await axe.run({ resultTypes: ["violations"] });
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
        });
        assert.deepEqual(violations, []);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(width <= look.viewport.width, `${width} pixels wide`);
        await Deno.mkdir(SCREENSHOTS, { recursive: true });
        await Deno.writeFile(
          `${SCREENSHOTS}/${name}.png`,
          await page.screenshot({ fullPage: true }),
        );
      }),
  );
}

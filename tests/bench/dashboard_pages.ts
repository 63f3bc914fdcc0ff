/** Measures pages of the dashboard in Chromium. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { launch, TestBrowser } from "../support/browser.ts";

export interface Growing {
  /** What the page's main thread computes for each epoch, in milliseconds. */
  readonly msPerEpoch: number;
  readonly framesPerSecond: number;
}

export class Pages implements AsyncDisposable {
  private constructor(readonly browser: Browser) {}

  static async launch(): Promise<Pages> {
    return new Pages(await launch());
  }

  /**
   * Milliseconds from the navigation of a browser that has nothing in its cache until every chart shows every epoch.
   *
   * @param last the epoch at which charts end
   */
  async timeUntilDrawn(address: string, last: number): Promise<number> {
    await using browser = new TestBrowser(this.browser);
    const page = await browser.open("about:blank");
    await page.goto(address, { waitUntil: "commit" });
    const ms = await drawn(page, last);
    browser.assertNoErrors();
    return ms;
  }

  /**
   * Opens a page, and counts while `grow` appends to its runs.
   *
   * @param last the epoch at which charts end; `grow` returns the one at which they end then
   */
  async whileGrowing(address: string, last: number, grow: () => Promise<number>): Promise<Growing> {
    await using browser = new TestBrowser(this.browser);
    const page = await browser.open(address);
    await drawn(page, last);
    const busyMs = await startMeter(page);
    const before = await busyMs();
    await page.evaluate(() => {
      const counter = { frames: 0, startedAt: performance.now() };
      const frame = () => (counter.frames++, requestAnimationFrame(frame));
      requestAnimationFrame(frame);
      Object.assign(globalThis, { counter });
    });
    const grown = await grow();
    await drawn(page, grown);
    const framesPerSecond = await page.evaluate(() => {
      const { counter } = globalThis as unknown as {
        counter: { frames: number; startedAt: number };
      };
      return 1000 * counter.frames / (performance.now() - counter.startedAt);
    });
    const msPerEpoch = (await busyMs() - before) / (grown - last);
    browser.assertNoErrors();
    return { msPerEpoch, framesPerSecond };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** Waits until charts show all epochs up to `last`; the page's clock at the end of that frame. */
async function drawn(page: Page, last: number): Promise<number> {
  const drawnAt = await page.waitForFunction((last) => {
    const charts = [...document.querySelectorAll(".chart-plot")];
    const isWhole = charts.every((chart) =>
      chart.getAttribute("aria-valuemin") === "1" &&
      chart.getAttribute("aria-valuemax") === String(last) && chart.querySelector("canvas")
    );
    return charts.length > 0 && isWhole && performance.now();
  }, last);
  const ms = await drawnAt.jsonValue();
  assert(typeof ms === "number");
  return ms;
}

/** Tells what the page's main thread has computed since this was called. */
async function startMeter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN);
  };
}

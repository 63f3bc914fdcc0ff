/** What axe-core finds wrong with a page for people who do not see it, or see it in another way. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** @param isDark whether only what depends on colors and sizes is looked at: the rest is the same in every light */
export async function axeFindings(page: Page, isDark = false): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async (isDark) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({
      resultTypes: ["violations"],
      ...(isDark
        ? { runOnly: ["color-contrast", "target-size", "scrollable-region-focusable"] }
        : {}),
    });
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`);
  }, isDark);
}

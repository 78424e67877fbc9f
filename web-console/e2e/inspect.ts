import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** From a desk down to a small telephone, where the page itself must not scroll sideways. */
const WIDTHS = [1280, 400];

/** Looks at the page as it stands in both colour schemes and on screens of two widths: accessible, and a picture of each. */
export async function inspect(page: Page, name: string) {
  const usual = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await inspectSchemes(page, `${name}-${width}`);
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond, `${name}, ${width} px wide: pixels beyond the edge`).toBe(0);
  }
  if (usual) await page.setViewportSize(usual);
}

async function inspectSchemes(page: Page, name: string) {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
          .map(({ finished }) => finished.catch(() => undefined)),
      ),
    );
    await page.screenshot({ path: `target/screenshots/${name}-${scheme}.png`, fullPage: true });
    const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`),
      `${name}, ${scheme}`,
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

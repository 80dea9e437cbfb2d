import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";

/** WCAG 2.2 AA, and what axe knows beyond it. Legacy mode judges in the page itself: no screen has a frame of another origin, and a blank page for each judgement takes four times as long. */
export async function expectAccessible(page: Page) {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

/** No sideways scrolling, from a phone's width to a wide desk's. */
async function expectFits(page: Page) {
  const before = page.viewportSize()!;
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    expect([width, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([width, width]);
  }
  await page.setViewportSize(before);
}

export async function expectGood(page: Page) {
  await expectAccessible(page);
  await expectFits(page);
}

/** Whether no worker of this run of tests has seen this screen before. Its other states are accessibility.spec.ts's. */
function isFirstSight(heading: string): boolean {
  if (process.env.TEST_WORKER_INDEX === undefined) return false; // a script that takes pictures
  const seen = path.join(test.info().project.outputDir, "first-sights"); // emptied at the beginning of each run
  mkdirSync(seen, { recursive: true });
  try {
    writeFileSync(path.join(seen, heading), "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** One screen, found as a person finds it: by its heading, labels and buttons. */
export abstract class Screen {
  abstract readonly path: string;
  abstract readonly heading: string;

  constructor(readonly page: Page) {}

  async open(query = "") {
    await this.page.goto(this.path + query);
    await this.shown();
  }

  /** Here, whole, taken over by its script, and accessible. */
  async shown() {
    await expect(this.page.getByRole("heading", { level: 1, name: this.heading, exact: true })).toBeVisible();
    await this.ready();
    if (isFirstSight(this.heading)) await expectAccessible(this.page);
  }

  protected async ready() {
    await expect(this.page.getByText("読み込んでいます。")).toHaveCount(0);
    await expect(this.page.locator("form[novalidate]").first()).toBeAttached();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** A refusal in its four parts, by its code. */
  async expectRefusal(code: string): Promise<Locator> {
    const banner = this.page.getByRole("alert").filter({ hasText: code });
    await expect(banner).toBeVisible();
    await expect(banner).toContainText("お問い合わせ先");
    return banner;
  }

  /** The field says what is wrong, and the summary has the focus. */
  async expectFieldError(label: string, words: RegExp) {
    await expect(this.field(label)).toHaveAttribute("aria-invalid", "true");
    await expect(this.page.locator(`#${await this.field(label).getAttribute("id")}-error`)).toHaveText(words);
    await expect(this.page.getByRole("group", { name: /^■? ?入力内容をご確認ください/ })).toBeFocused();
  }
}

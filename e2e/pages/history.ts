import { type Download, expect, type Locator, type Page } from "@playwright/test";
import { Screen } from "./screen";

export type HistoryConditions = { from?: string; to?: string; person?: string; group?: string; result?: string };

export class HistoryScreen extends Screen {
  readonly path = "/management/history";
  readonly heading = "操作履歴照会";
  readonly table: Locator;

  constructor(page: Page) {
    super(page);
    this.table = page.getByRole("table", { name: "操作履歴", exact: true });
  }

  /** Rows without the header. */
  rows(text?: string | RegExp): Locator {
    const rows = this.table.getByRole("row").filter({ has: this.page.getByRole("cell") });
    return text === undefined ? rows : rows.filter({ hasText: text });
  }

  async inquire({ from, to, person, group, result }: HistoryConditions) {
    if (from !== undefined) await this.field("操作日付（開始）").fill(from);
    if (to !== undefined) await this.field("操作日付（終了）").fill(to);
    if (person !== undefined) await this.field("利用者名").fill(person);
    if (group !== undefined) await this.field("操作内容").selectOption({ label: group });
    if (result !== undefined) await this.field("結果").selectOption({ label: result });
    await this.answering(() => this.button("照会").click());
  }

  older() {
    return this.answering(() => this.button("次の50件").click());
  }

  newer() {
    return this.answering(() => this.button("前の50件").click());
  }

  async download(): Promise<Download> {
    const download = this.page.waitForEvent("download");
    await this.button("CSVダウンロード").click();
    return download;
  }

  async expectNothingFound() {
    await expect(this.page.getByText("条件に合う操作履歴はありません。")).toBeVisible();
    await expect(this.table).toHaveCount(0);
  }

  private async answering(act: () => Promise<void>) {
    const answered = this.page.waitForResponse((response) => response.url().includes("/management/history/state"));
    await act();
    await answered;
    await expect(this.page.getByText("照会しています。")).toHaveCount(0);
  }
}

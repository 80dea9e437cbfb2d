import { expect, type Locator, type Page } from "@playwright/test";

/** 本人確認, below a form whose act waits for it. */
export class ProofSection {
  readonly section: Locator;

  constructor(private readonly page: Page) {
    this.section = page.getByRole("group", { name: "本人確認", exact: true });
  }

  async shown() {
    await expect(this.section).toBeFocused();
  }

  /** What the PC says is to be approved; the phone says it, too. */
  get statement(): Locator {
    return this.section.getByRole("group", { name: "承認する内容", exact: true });
  }

  get qrCode(): Locator {
    return this.section.getByRole("img", { name: "承認する内容のQRコード", exact: true });
  }

  /** By the phone's 承認番号. */
  async presentCode(approvalNumber: string) {
    await this.page.getByLabel("承認番号", { exact: true }).fill(approvalNumber);
    await this.section.getByRole("button", { name: "承認する", exact: true }).click();
  }

  byPasskey() {
    return this.section.getByRole("button", { name: "パスキーで認証する", exact: true }).click();
  }

  takeBack() {
    return this.section.getByRole("button", { name: "取り消す", exact: true }).click();
  }

  async expectRefusal(code: string) {
    await expect(this.section.getByRole("alert").filter({ hasText: code })).toBeVisible();
  }
}

import { type Download, expect, type Locator } from "@playwright/test";
import { Screen } from "./screen";

export const confirmationPassword = "Kakunin-demo-2026";

export type NewUser = { loginId: string; name: string; userClass: string; mailAddress: string; loginPassword: string; newConfirmationPassword: string };

export class RegistrationScreen extends Screen {
  readonly path = "/management/users/new";
  readonly heading = "利用者登録";

  async register(user: NewUser, operatorsPassword = confirmationPassword) {
    await this.field("ログインID").fill(user.loginId);
    await this.field("利用者名").fill(user.name);
    await this.field("利用者区分").selectOption({ label: user.userClass });
    await this.field("メールアドレス").fill(user.mailAddress);
    await this.presentPasswords(user, operatorsPassword);
  }

  /** What is typed again after a refusal: the rest has stayed. */
  async presentPasswords({ loginPassword, newConfirmationPassword }: Pick<NewUser, "loginPassword" | "newConfirmationPassword">, operatorsPassword = confirmationPassword) {
    await this.field("仮ログインパスワード").fill(loginPassword);
    await this.field("仮確認用パスワード").fill(newConfirmationPassword);
    await this.field("確認用パスワード").fill(operatorsPassword);
    await this.button("登録").click();
  }

  classes(): Locator {
    return this.field("利用者区分").getByRole("option");
  }
}

export class ImportScreen extends Screen {
  readonly path = "/management/users/import";
  readonly heading = "CSV一括登録";

  async choose(bytes: Uint8Array) {
    await this.field("CSVファイル").setInputFiles({ name: "users.csv", mimeType: "text/csv", buffer: Buffer.from(bytes) });
  }

  async check() {
    await this.button("内容を確認").click();
  }

  async register(operatorsPassword = confirmationPassword) {
    await this.field("確認用パスワード").fill(operatorsPassword);
    await this.button("登録").click();
  }

  /** A line each of what is wrong: 行, 項目, 内容. */
  async expectProblems(...problems: RegExp[]) {
    await expect(this.page.getByRole("table", { name: "確認が必要な行", exact: true }).locator("tbody").getByRole("row")).toHaveText(problems);
  }

  async sample(): Promise<Download> {
    const download = this.page.waitForEvent("download");
    await this.page.getByRole("link", { name: "見本のCSVファイルをダウンロード", exact: true }).click();
    return download;
  }
}

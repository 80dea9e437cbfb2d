import type { Locator } from "@playwright/test";
import { Screen } from "./screen";

export const confirmationPassword = "Kakunin-demo-2026";

export class SettingsScreen extends Screen {
  readonly path = "/settings";
  readonly heading = "利用者設定";

  async changeMailAddress(mailAddress: string, password = confirmationPassword, mailAddressAgain = mailAddress) {
    await this.field("メールアドレス").fill(mailAddress);
    await this.field("メールアドレス（確認用）").fill(mailAddressAgain);
    await this.field("確認用パスワード").fill(password);
    await this.button("変更").click();
  }

  async registerPasskey(name: string, password = confirmationPassword) {
    await this.field("パスキーの名前").fill(name);
    await this.field("確認用パスワード").fill(password);
    await this.button("パスキーを登録").click();
  }

  /** The row of a registered passkey. */
  passkey(name: string): Locator {
    return this.page.getByRole("table", { name: "登録済みのパスキー", exact: true }).getByRole("row").filter({ has: this.page.getByRole("cell", { name, exact: true }) });
  }

  async removePasskey(name: string, password = confirmationPassword) {
    await this.field("確認用パスワード").fill(password);
    await this.passkey(name).getByRole("button", { name: "削除", exact: true }).click();
  }

  /** What stands beside a label, of the user's own data. */
  fact(label: string) {
    return this.page.locator("dt", { hasText: new RegExp(`^${label}$`) }).locator("xpath=following-sibling::dd[1]");
  }

  async follow(link: string) {
    await this.page.getByRole("link", { name: link, exact: true }).click();
  }
}

export class ConfirmationPasswordScreen extends Screen {
  readonly path = "/settings/confirmation-password";
  readonly heading = "確認用パスワードの変更";

  change(currentPassword: string, newPassword: string, newPasswordAgain = newPassword) {
    return changeConfirmationPassword(this, currentPassword, newPassword, newPasswordAgain);
  }
}

/** The form stands on two screens: its own, and 「パスワードの変更」 while the confirmation password is temporary. */
export async function changeConfirmationPassword(screen: Screen, currentPassword: string, newPassword: string, newPasswordAgain = newPassword) {
  await screen.field("現在の確認用パスワード").fill(currentPassword);
  await screen.field("新しい確認用パスワード").fill(newPassword);
  await screen.field("新しい確認用パスワード（確認用）").fill(newPasswordAgain);
  await screen.button("変更").click();
}

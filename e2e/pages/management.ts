import { expect, type Locator } from "@playwright/test";
import { confirmationPassword } from "../qa";
import { Screen } from "./screen";

/** A list of users with boxes, 確認用パスワード and a button under it. */
abstract class ListScreen extends Screen {
  protected abstract readonly act: string;

  protected override async ready() {
    await super.ready();
    await expect(this.table("利用者一覧")).toBeVisible();
  }

  table(name: string): Locator {
    return this.page.getByRole("table", { name, exact: true });
  }

  row(loginId: string): Locator {
    return this.table("利用者一覧").getByRole("row").filter({ has: this.page.getByRole("cell", { name: loginId, exact: true }) });
  }

  /** The login IDs shown, from the top. */
  shownIds(): Promise<string[]> {
    return this.table("利用者一覧").getByRole("checkbox").evaluateAll((boxes) => boxes.map((box) => box.getAttribute("aria-label") ?? ""));
  }

  tick(loginId: string) {
    return this.page.getByRole("checkbox", { name: loginId, exact: true }).check();
  }

  search(words: string) {
    return this.field("利用者を検索").fill(words);
  }

  async press(password = confirmationPassword) {
    await this.field("確認用パスワード").fill(password);
    await this.button(this.act).click();
  }

  /** All of it: the list, these ticks, the button. */
  protected async actOn(loginIds: string[]) {
    await this.open();
    for (const loginId of loginIds) await this.tick(loginId);
    await this.press();
  }
}

export class SuspensionsScreen extends ListScreen {
  readonly path = "/management/suspensions";
  readonly heading = "ワンタイムパスワードの利用停止解除";
  protected readonly act = "停止解除";

  lift(...loginIds: string[]) {
    return this.actOn(loginIds);
  }
}

export class TokensScreen extends ListScreen {
  readonly path = "/management/tokens";
  readonly heading = "トークンの失効";
  protected readonly act = "失効";

  revoke(...loginIds: string[]) {
    return this.actOn(loginIds);
  }
}

abstract class ResultScreen extends Screen {
  protected override async ready() {
    await expect(this.page.getByRole("table", { name: "対象利用者", exact: true })).toBeVisible();
  }

  /** The cells of one user's row. */
  async cells(loginId: string): Promise<string[]> {
    const row = this.page.getByRole("table", { name: "対象利用者", exact: true }).getByRole("row").filter({ has: this.page.getByRole("cell", { name: loginId, exact: true }) });
    return (await row.getByRole("cell").allTextContents()).map((text) => text.replace(/^[●■◆―] /, ""));
  }
}

export class SuspensionsResultScreen extends ResultScreen {
  readonly path = "/management/suspensions/result";
  readonly heading = "ワンタイムパスワードの利用停止解除結果";
}

export class TokensResultScreen extends ResultScreen {
  readonly path = "/management/tokens/result";
  readonly heading = "トークンの失効結果";
}

export class OneTimePasswordManagementScreen extends Screen {
  readonly path = "/management/one-time-password";
  readonly heading = "ワンタイムパスワードの管理";
  protected override async ready() {
    await expect(this.page.getByRole("link", { name: "トークンの失効", exact: true })).toBeVisible();
  }
}

export class UsersScreen extends Screen {
  readonly path = "/management/users";
  readonly heading = "利用者管理";
  protected override async ready() {
    await expect(this.page.getByRole("table", { name: "利用者一覧", exact: true })).toBeVisible();
  }

  async openUser(loginId: string) {
    await this.page.getByRole("link", { name: loginId, exact: true }).click();
  }
}

export class UserScreen extends Screen {
  readonly path = "/management/users/-";
  readonly heading = "利用者詳細";
  protected override async ready() {
    await expect(this.page.getByRole("table", { name: "現在の状態", exact: true })).toBeVisible();
  }

  /** The answer to one question: 状態, いつから, いつまで, 理由, 解除できる方. */
  async state(question: string): Promise<string[]> {
    const row = this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader", { name: question, exact: true }) });
    return (await row.getByRole("cell").allTextContents()).map((text) => text.replace(/^[●■◆―] /, ""));
  }

  async press(button: string, password = confirmationPassword) {
    await this.field("確認用パスワード").fill(password);
    await this.button(button).click();
  }
}

import { expect, type Locator, type Page } from "@playwright/test";
import { Caller } from "../caller";
import { confirmationPassword, loginPassword, type Qa } from "../qa";
import { OneTimePasswordManagementScreen, SuspensionsResultScreen, SuspensionsScreen, TokensResultScreen, TokensScreen, UserScreen, UsersScreen } from "./management";
import { ProofSection } from "./proof";
import { Screen } from "./screen";
import { TransferScreen } from "./transfer";

export class LoginScreen extends Screen {
  readonly path = "/login";
  readonly heading = "ログイン";

  async present(loginId: string, password = loginPassword) {
    await this.field("ログインID").fill(loginId);
    await this.field("ログインパスワード").fill(password);
    await this.button("ログイン").click();
  }

  /** Instead of login ID and password; absent where the browser knows no passkeys. */
  get passkeyButton(): Locator {
    return this.button("パスキーでログイン");
  }
}

export class OneTimePasswordScreen extends Screen {
  readonly path = "/login/one-time-password";
  readonly heading = "ワンタイムパスワード認証";

  async present(oneTimePassword: string) {
    await this.field("ワンタイムパスワード").fill(oneTimePassword);
    await this.button("認証確認").click();
  }

  get passkeyLink(): Locator {
    return this.page.getByRole("link", { name: "パスキーで認証する", exact: true });
  }
}

export class PasskeyScreen extends Screen {
  readonly path = "/login/passkey";
  readonly heading = "パスキー認証";

  present() {
    return this.button("パスキーで認証する").click();
  }
}

/** 「必須とする」: whoever has none registers one first. */
export class RequiredPasskeyScreen extends Screen {
  readonly path = "/settings/passkeys/required";
  readonly heading = "パスキーの登録";

  async register(name: string, password = confirmationPassword) {
    await this.field("パスキーの名前").fill(name);
    await this.field("確認用パスワード").fill(password);
    await this.button("パスキーを登録").click();
  }
}

export type Application = { mailAddress: string; mailAddressAgain?: string; activationPassword: string; activationPasswordAgain?: string; oneTimePassword?: string };

export class IssuanceScreen extends Screen {
  readonly path = "/token/issuance";
  readonly heading = "ワンタイムパスワードトークン発行";

  async issue({ mailAddress, mailAddressAgain = mailAddress, activationPassword, activationPasswordAgain = activationPassword, oneTimePassword }: Application) {
    await this.field("携帯電話メールアドレス").fill(mailAddress);
    await this.field("携帯電話メールアドレス（確認用）").fill(mailAddressAgain);
    await this.field("利用開始パスワード").fill(activationPassword);
    await this.field("利用開始パスワード（確認用）").fill(activationPasswordAgain);
    if (oneTimePassword) await this.field("ワンタイムパスワード").fill(oneTimePassword);
    await this.button("トークン発行").click();
  }
}

export class ConfirmationScreen extends Screen {
  readonly path = "/token/confirmation";
  readonly heading = "ワンタイムパスワード認証確認";

  /** What the person types into the phone. */
  async ids(): Promise<{ serviceId: string; userId: string }> {
    await expect(this.field("ユーザID")).toHaveText(/^[0-9]{12}$/);
    return {
      serviceId: (await this.field("サービスID").textContent()) ?? "",
      userId: (await this.field("ユーザID").textContent()) ?? "",
    };
  }

  async confirm(oneTimePassword: string) {
    await this.field("ワンタイムパスワード").fill(oneTimePassword);
    await this.button("認証確認").click();
  }
}

export class TopScreen extends Screen {
  readonly path = "/";
  readonly heading = "トップページ";

  /** And has arrived at the login: another address meanwhile would be aborted. */
  async logOut() {
    await this.button("ログアウト").click();
    await this.page.waitForURL(/\/login\?ended=logout/);
  }
}

export class PasswordChangeScreen extends Screen {
  readonly path = "/password/change";
  readonly heading = "パスワードの変更";

  async change(currentPassword: string, newPassword: string, newPasswordAgain = newPassword) {
    await this.field("現在のパスワード").fill(currentPassword);
    await this.field("新しいパスワード").fill(newPassword);
    await this.field("新しいパスワード（確認用）").fill(newPasswordAgain);
    await this.button("変更").click();
  }
}

export class ManagementScreen extends Screen {
  readonly path = "/management";
  readonly heading = "管理";
  protected override async ready() {
    await expect(this.page.getByRole("heading", { name: "利用者の状況" })).toBeVisible();
  }
}

/** A browser on a PC, and the screens it can show. */
export class Pc {
  readonly login: LoginScreen;
  readonly oneTimePassword: OneTimePasswordScreen;
  readonly passkey: PasskeyScreen;
  readonly requiredPasskey: RequiredPasskeyScreen;
  readonly issuance: IssuanceScreen;
  readonly confirmation: ConfirmationScreen;
  readonly top: TopScreen;
  readonly passwordChange: PasswordChangeScreen;
  readonly management: ManagementScreen;
  readonly oneTimePasswordManagement: OneTimePasswordManagementScreen;
  readonly suspensions: SuspensionsScreen;
  readonly suspensionsResult: SuspensionsResultScreen;
  readonly tokens: TokensScreen;
  readonly tokensResult: TokensResultScreen;
  readonly users: UsersScreen;
  readonly user: UserScreen;
  readonly proof: ProofSection;
  readonly transfer: TransferScreen;
  /** The same browser without its screens. */
  readonly caller: Caller;

  constructor(readonly page: Page, origin: string) {
    this.login = new LoginScreen(page);
    this.oneTimePassword = new OneTimePasswordScreen(page);
    this.passkey = new PasskeyScreen(page);
    this.requiredPasskey = new RequiredPasskeyScreen(page);
    this.issuance = new IssuanceScreen(page);
    this.confirmation = new ConfirmationScreen(page);
    this.top = new TopScreen(page);
    this.passwordChange = new PasswordChangeScreen(page);
    this.management = new ManagementScreen(page);
    this.oneTimePasswordManagement = new OneTimePasswordManagementScreen(page);
    this.suspensions = new SuspensionsScreen(page);
    this.suspensionsResult = new SuspensionsResultScreen(page);
    this.tokens = new TokensScreen(page);
    this.tokensResult = new TokensResultScreen(page);
    this.users = new UsersScreen(page);
    this.user = new UserScreen(page);
    this.proof = new ProofSection(page);
    this.transfer = new TransferScreen(page);
    this.caller = Caller.sharing(page.request, origin);
  }

  /** Another tab of the same browser. */
  async newTab(origin: string): Promise<Pc> {
    return new Pc(await this.page.context().newPage(), origin);
  }

  /** Logged in, where the test is not about how. */
  async logIn(qa: Qa, loginId: string) {
    const answer = await this.caller.logIn(qa, loginId);
    expect(answer.body).toMatchObject({ ok: true });
  }
}

import { expect, type Locator, type Page } from "@playwright/test";
import { Caller } from "../caller";
import { loginPassword, type Qa } from "../qa";
import { ProofSection } from "./proof";
import { Screen } from "./screen";

/** A screen of the console: 「職員…」 and what is behind it. */
abstract class ConsoleScreen extends Screen {
  override async expectRefusal(code: string): Promise<Locator> {
    const banner = this.page.getByRole("alert").filter({ hasText: code });
    await expect(banner).toBeVisible();
    await expect(banner).toContainText("本部のシステム担当");
    return banner;
  }

  protected override async ready() {
    await expect(this.page.getByText("読み込んでいます。")).toHaveCount(0);
    await expect(this.button("ログアウト")).toBeVisible();
  }

  row(loginId: string): Locator {
    return this.page.getByRole("row").filter({ hasText: loginId });
  }
}

export class StaffLoginScreen extends ConsoleScreen {
  readonly path = "/staff/login";
  readonly heading = "職員ログイン";

  protected override async ready() {
    await expect(this.page.locator("form[novalidate]").first()).toBeAttached();
  }

  async present(staffId: string, password = loginPassword) {
    await this.field("職員ID").fill(staffId);
    await this.field("パスワード").fill(password);
    await this.button("ログイン").click();
  }

  async presentOneTimePassword(oneTimePassword: string) {
    await this.field("ワンタイムパスワード").fill(oneTimePassword);
    await this.button("認証確認").click();
  }
}

export class HomeScreen extends ConsoleScreen {
  readonly path = "/staff";
  readonly heading = "営業店コンソール";

  link(name: string): Locator {
    return this.page.getByRole("link", { name, exact: true });
  }
}

export class ContractSearchScreen extends ConsoleScreen {
  readonly path = "/staff/contracts";
  readonly heading = "契約検索";

  async search(key: string) {
    await this.field("契約番号・会社名・ログインID").fill(key);
    await this.button("検索").click();
  }
}

export class ContractScreen extends ConsoleScreen {
  readonly path = "/staff/contracts/1000001";
  readonly heading = "契約詳細";
}

export class NewContractScreen extends ConsoleScreen {
  readonly path = "/staff/contracts/new";
  readonly heading = "契約登録";

  async enter(values: Record<string, string>) {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
    await this.field("届出印").check();
    await this.button("受付").click();
  }
}

export type Entry = { number: string; kind: string; contractNumber?: string; loginIds?: string[]; documents?: string[]; reason?: string };

export type AuthenticationEntry = { number: string; passkeys?: string; requiredFrom?: string; alone?: boolean; stepUp?: string };

export class NewCaseScreen extends ConsoleScreen {
  readonly path: string = "/staff/cases/new";
  readonly heading = "受付票の作成";

  async enter({ number, kind, contractNumber = "1000001", loginIds = [], documents = ["届出印", "本人確認書類"], reason = "窓口でのお申し出" }: Entry) {
    await this.field("受付番号").fill(number);
    await this.field("種別").selectOption({ label: kind });
    await this.field("契約番号").fill(contractNumber);
    if (loginIds.length > 0) await this.field("対象ログインID").fill(loginIds.join("\n"));
    for (const name of documents) await this.field(name).check();
    await this.field("理由").fill(reason);
    await this.button("受付").click();
  }
}

/** 認証方法の変更, from the contract's page: what is not named stays as it is. */
export class AuthenticationCaseScreen extends NewCaseScreen {
  override readonly path = "/staff/cases/new?contract=1000001&kind=change_authentication";

  async change({ number, passkeys, requiredFrom, alone, stepUp }: AuthenticationEntry) {
    if (passkeys) await this.field("パスキーの扱い").selectOption({ label: passkeys });
    if (requiredFrom) await this.field("適用日").fill(requiredFrom);
    if (alone !== undefined) await this.field("ID・パスワードの代わりにパスキーでログイン").setChecked(alone);
    if (stepUp) await this.field("操作時の再認証").selectOption({ label: stepUp });
    await this.enter({ number, kind: "認証方法の変更" });
  }
}

export class CaseScreen extends ConsoleScreen {
  readonly path = "/staff/cases/-";
  readonly heading = "受付票";
  readonly proof = new ProofSection(this.page);

  async openCase(number: string) {
    await this.page.goto(`/staff/cases/${number}`);
    await this.shown();
  }

  /** What has become of it; a button may have the same word. */
  get state(): Locator {
    return this.page.locator("dt", { hasText: /^状態$/ }).locator("xpath=following-sibling::dd[1]");
  }

  /** `oneTimePassword`: where the last proof is too old, and there is no passkey. */
  async approve(oneTimePassword?: string) {
    await this.button("承認").click();
    if (oneTimePassword === undefined) return;
    await this.oneTimePassword.fill(oneTimePassword);
    await this.proof.section.getByRole("button", { name: "認証する", exact: true }).click();
  }

  get oneTimePassword(): Locator {
    return this.proof.section.getByLabel("ワンタイムパスワード", { exact: true });
  }

  /** A line of what is signed. */
  signed(label: string): Locator {
    return this.proof.statement.locator("dt", { hasText: label }).locator("xpath=following-sibling::dd");
  }
}

export class ReceiptScreen extends ConsoleScreen {
  readonly path = "/staff/cases/-/receipt";
  readonly heading = "受領書";
}

export class CustomerScreen extends ConsoleScreen {
  readonly path = "/staff/users/-";
  readonly heading = "利用者詳細";
}

export class AuditScreen extends ConsoleScreen {
  readonly path = "/staff/audit";
  readonly heading = "監査ログ";

  async search(key: string) {
    await this.field("契約番号・ログインID・職員ID・受付番号").fill(key);
    await this.button("検索").click();
  }
}

export class NumbersScreen extends ConsoleScreen {
  readonly path = "/staff/numbers";
  readonly heading = "設定値と状態遷移";
}

export class StaffPasskeysScreen extends ConsoleScreen {
  readonly path = "/staff/passkeys";
  readonly heading = "パスキー";

  async register(name: string, password = loginPassword) {
    await this.field("現在のパスワード").fill(password);
    await this.field("パスキーの名前").fill(name);
    await this.button("パスキーを登録").click();
  }
}

export class StaffPasswordScreen extends ConsoleScreen {
  readonly path = "/staff/password/change";
  readonly heading = "パスワードの変更";
}

/** A colleague's PC at the counter, and the screens it can show. */
export class Desk {
  readonly login: StaffLoginScreen;
  readonly home: HomeScreen;
  readonly contractSearch: ContractSearchScreen;
  readonly contract: ContractScreen;
  readonly newContract: NewContractScreen;
  readonly newCase: NewCaseScreen;
  readonly authenticationCase: AuthenticationCaseScreen;
  readonly case: CaseScreen;
  readonly receipt: ReceiptScreen;
  readonly customer: CustomerScreen;
  readonly audit: AuditScreen;
  readonly numbers: NumbersScreen;
  readonly password: StaffPasswordScreen;
  readonly passkeys: StaffPasskeysScreen;
  /** The same browser without its screens. */
  readonly caller: Caller;

  constructor(readonly page: Page, origin: string) {
    this.login = new StaffLoginScreen(page);
    this.home = new HomeScreen(page);
    this.contractSearch = new ContractSearchScreen(page);
    this.contract = new ContractScreen(page);
    this.newContract = new NewContractScreen(page);
    this.newCase = new NewCaseScreen(page);
    this.authenticationCase = new AuthenticationCaseScreen(page);
    this.case = new CaseScreen(page);
    this.receipt = new ReceiptScreen(page);
    this.customer = new CustomerScreen(page);
    this.audit = new AuditScreen(page);
    this.numbers = new NumbersScreen(page);
    this.password = new StaffPasswordScreen(page);
    this.passkeys = new StaffPasskeysScreen(page);
    this.caller = Caller.sharing(page.request, origin);
  }

  /** Logged in, where the test is not about how. */
  async logIn(qa: Qa, staffId: string) {
    expect((await this.caller.staffPassword(staffId)).status).toBe(200);
    expect((await this.caller.post("/staff/login/one-time-password/present", { oneTimePassword: await qa.oneTimePassword(staffId) })).body).toMatchObject({ ok: true, go: "/staff" });
  }
}

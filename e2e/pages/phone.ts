import { createECDH, hkdfSync } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "./screen";

type SetUp = { serviceId: string; userId: string; activationPassword: string; code?: string };

/** The smartphone's app, as a person uses it. */
export class Phone {
  constructor(readonly page: Page) {}

  async open(fragment = "") {
    await this.page.goto("about:blank"); // another fragment alone would not load the page
    await this.page.goto(`/authenticator${fragment}`);
    await expect(this.page.getByRole("heading", { level: 1, name: "ワンタイムパスワード", exact: true })).toBeVisible();
  }

  /** The mailed link, and on to 初期設定. */
  async follow(link: string) {
    await this.page.goto("about:blank");
    await this.page.goto(link);
    await expect(this.page.getByRole("heading", { level: 1, name: "初期設定のご案内", exact: true })).toBeVisible();
    await this.page.getByRole("link", { name: "初期設定へ進む", exact: true }).click();
  }

  async setUp({ serviceId, userId, activationPassword, code }: SetUp) {
    await this.field("サービスID").fill(serviceId);
    await this.field("ユーザID").fill(userId);
    await this.field("利用開始パスワード").fill(activationPassword);
    if (code) await this.field("受付コード").fill(code);
    await this.page.getByRole("button", { name: "初期設定", exact: true }).click();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  token(loginId: string): Locator {
    return this.page.getByRole("listitem", { name: loginId, exact: true });
  }

  async oneTimePassword(loginId: string): Promise<string> {
    const output = this.token(loginId).getByLabel("ワンタイムパスワード", { exact: true });
    await expect(output).toHaveText(/^[0-9]{6}$/);
    return (await output.textContent()) ?? "";
  }

  expectAccessible() {
    return expectAccessible(this.page);
  }
}

type Answers = { expiresAt?: string; answered?: (given: URLSearchParams, key: Buffer) => void };

/** Stands in for the bank's half of the set-up, where many tokens are wanted and no issuance is in question. */
export async function answerSetUps(page: Page, { expiresAt, answered }: Answers = {}) {
  await page.route("**/authenticator/set-up", async (route) => {
    const given = new URLSearchParams(route.request().postData() ?? "");
    const [serviceId, userId] = [given.get("serviceId") ?? "", given.get("userId") ?? ""];
    const id = `token-${userId}`;
    const server = createECDH("prime256v1");
    const publicKey = server.generateKeys("base64url");
    const shared = server.computeSecret(Buffer.from(given.get("publicKey") ?? "", "base64url"));
    answered?.(given, Buffer.from(hkdfSync("sha256", shared, id, `ichido token v1|${serviceId}|${userId}|${id}`, 32)));
    const token = {
      id, publicKey, institution: "いちど信用組合", company: "株式会社<script>𠮷田商店</script>", loginId: `user${userId.slice(-2)}`,
      expiresAt: expiresAt ?? new Date(Date.now() + 700 * 86_400_000).toISOString(), host: "bank.example", serviceId, userId,
      algorithm: "SHA-256", timeStepSeconds: 60, digits: 6,
    };
    await route.fulfill({ json: { ok: true, go: "/authenticator", token } });
  });
}

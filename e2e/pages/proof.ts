import { createHmac } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import { dataInput, suiteOf, truncate } from "../../lib/approval/ocra";
import { digestOf, readApprovalText } from "../../lib/approval/statement";
import type { Qa } from "../qa";

/** 本人確認, below the form whose act waits for it. */
export class ProofSection {
  readonly whole: Locator;

  constructor(readonly page: Page) {
    this.whole = page.getByRole("group", { name: "本人確認", exact: true });
  }

  /** It has the focus, and what was typed into the form is still there. */
  async shown() {
    await expect(this.whole).toBeFocused();
  }

  async expectStatement(title: string, facts: [label: string, value: string][]) {
    const statement = this.whole.getByRole("group", { name: "承認する内容", exact: true });
    await expect(statement.getByText(title, { exact: true })).toBeVisible();
    await expect(statement.getByRole("term")).toHaveText(facts.map(([label]) => label));
    await expect(statement.getByRole("definition")).toHaveText(facts.map(([, value]) => value));
  }

  field(label: "承認番号" | "ワンタイムパスワード"): Locator {
    return this.whole.getByLabel(label, { exact: true });
  }

  button(name: "パスキーで認証する" | "承認する" | "認証する" | "取り消す"): Locator {
    return this.whole.getByRole("button", { name, exact: true });
  }

  async give(label: "承認番号" | "ワンタイムパスワード", digits: string) {
    await this.field(label).fill(digits);
    await this.button(label === "承認番号" ? "承認する" : "認証する").click();
  }
}

type Phone = { token: { loginId: string; algorithm: string }; key: string };

/** What this user's phone makes of a QR code's text. */
export async function approvalNumber(qa: Qa, loginId: string, qr: string): Promise<string> {
  const { nonce, statement } = readApprovalText(qr)!;
  const phones = (await (await qa.request.get("/qa/api/phones")).json()) as Phone[];
  const { token, key } = phones.find((phone) => phone.token.loginId === loginId)!;
  const shape = { algorithm: token.algorithm as "SHA-256", digits: 6, timeStepSeconds: 60 };
  const question = Buffer.from(await digestOf(nonce, statement), "base64url").toString("hex");
  const data = dataInput(suiteOf(shape), question, Math.floor((await qa.now()).getTime() / 60_000));
  return truncate(createHmac(token.algorithm.replace("-", ""), Buffer.from(key, "base64url")).update(data).digest(), 6);
}

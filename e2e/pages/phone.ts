import { createECDH, hkdfSync } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import type { ProofSection } from "./proof";
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

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  token(loginId: string): Locator {
    return this.page.getByRole("listitem", { name: loginId, exact: true });
  }

  async oneTimePassword(loginId: string): Promise<string> {
    const output = this.token(loginId).getByLabel("ワンタイムパスワード", { exact: true });
    await expect(output).toHaveText(/^[0-9]{6}$/);
    return (await output.textContent()) ?? "";
  }

  /** Puts a demo token on this phone, as a set-up before the test would have. */
  async hold(loginId: string) {
    await this.open();
    await this.page.evaluate(async (loginId) => {
      type Seeded = { token: { id: string; loginId: string; algorithm: string }; key: string };
      const phones = (await (await fetch("/qa/api/phones")).json()) as Seeded[];
      const seeded = phones.find(({ token }) => token.loginId === loginId);
      if (!seeded) throw new Error(`no demo token of ${loginId}`);
      const raw = Uint8Array.from(atob(seeded.key.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
      const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: seeded.token.algorithm }, false, ["sign"]);
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open("ichido-authenticator");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      await new Promise((resolve) => {
        const transaction = database.transaction("tokens", "readwrite");
        transaction.objectStore("tokens").put({ ...seeded.token, key, setUpAt: 1 });
        transaction.oncomplete = resolve;
      });
      database.close();
    }, loginId);
    await this.page.reload();
    await expect(this.token(loginId)).toBeVisible();
  }

  /** What the camera sees from now on, in the middle of the film of a real one's size: a picture, in PNG. */
  async see(picture: Buffer) {
    await this.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
      const context = canvas.getContext("2d")!;
      const scale = Math.min(680 / image.width, 680 / image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      setInterval(() => {
        context.fillStyle = "#ffffff";
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(image, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
      }, 100);
      navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(10));
    }, picture.toString("base64"));
  }

  /** Holds the phone before a QR code. */
  async read(picture: Buffer) {
    await this.see(picture);
    await this.button("承認する操作を読み取る").click();
    await expect(this.page.getByRole("heading", { level: 1, name: "操作の承認", exact: true })).toBeVisible();
  }

  /** What is to be approved, line by line, as it is shown before the number. */
  async expectStatement(title: string, facts: [label: string, value: string][]) {
    await expect(this.page.getByRole("heading", { level: 2, name: title, exact: true })).toBeFocused();
    await expect(this.page.getByRole("term")).toHaveText(facts.map(([label]) => label));
    await expect(this.page.getByRole("definition")).toHaveText(facts.map(([, value]) => value));
  }

  get approvalNumber(): Locator {
    return this.page.getByLabel("承認番号", { exact: true }).and(this.page.getByRole("status"));
  }

  async confirmStatement(): Promise<string> {
    await this.button("内容を確認しました").click();
    await expect(this.approvalNumber).toHaveText(/^[0-9]{6}$/);
    return (await this.approvalNumber.textContent()) ?? "";
  }

  /** The whole approval: reads the PC's screen, looks at what stands there, and types the number into the PC. What was shown is returned. */
  async approve({ proof }: { proof: ProofSection }): Promise<{ title: string; facts: string[][] }> {
    const { number, ...shown } = await this.readFrom({ proof });
    await proof.presentCode(number);
    return shown;
  }

  /** Until there is a number: what was shown, and the number for it. */
  async readFrom({ proof }: { proof: ProofSection }): Promise<{ title: string; facts: string[][]; number: string }> {
    await this.read(await proof.qrCode.screenshot());
    await expect(this.button("内容を確認しました")).toBeVisible();
    const title = (await this.page.getByRole("heading", { level: 2 }).textContent()) ?? "";
    const [labels, values] = await Promise.all([this.page.getByRole("term").allTextContents(), this.page.getByRole("definition").allTextContents()]);
    const number = await this.confirmStatement();
    await this.button("閉じる").click();
    return { title, facts: labels.map((label, index) => [label, values[index] ?? ""]), number };
  }

  async expectRefusal(code: string) {
    await expect(this.page.getByText(code, { exact: true })).toBeVisible();
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

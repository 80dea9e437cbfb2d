import { writeFileSync } from "node:fs";
import { chromium, devices, expect, test as base, type Page } from "@playwright/test";
import { generateSync } from "otplib";
import QRCode from "qrcode";
import { approvalText, type Statement } from "../lib/approval/statement";
import { answerSetUps, Phone } from "./pages/phone";

const pixel = { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } };

const test = base.extend<{ phone: Phone }>({
  phone: async ({ browser }, use) => {
    // The service worker has its own tests; requests it made could not be answered from here.
    const context = await browser.newContext({ ...pixel, serviceWorkers: "block" });
    await use(new Phone(await context.newPage()));
    await context.close();
  },
});

const ids = (last: string) => ({ serviceId: "10010001", userId: `4821093711${last}`, activationPassword: "20261122", code: "ABCD-2345" });

test("the key is agreed and not sent: the phone's password is an independent generator's", async ({ phone }) => {
  const keys: Buffer[] = [];
  const sent: string[] = [];
  await answerSetUps(phone.page, { answered: (given, key) => (keys.push(key), sent.push(given.toString())) });
  await phone.open("#abcd-2345");
  await expect(phone.field("受付コード")).toHaveCount(0);
  await phone.setUp({ serviceId: "１００１０００１", userId: "4821-0937 1101", activationPassword: "２０２６１１２２" });
  const shown = await phone.oneTimePassword("user01");
  const now = ((await (await phone.page.request.get("/qa/api/clock")).json()) as { now: string }).now;
  const [key] = keys;
  expect(key).toBeDefined();
  expect(shown).toBe(generateSync({ secret: new Uint8Array(key!), algorithm: "sha256", period: 60, epoch: Date.parse(now) / 1000 }));
  expect(Object.fromEntries(new URLSearchParams(sent[0]))).toMatchObject({ serviceId: "10010001", userId: "482109371101", code: "ABCD2345" });
  for (const encoding of ["hex", "base64url", "base64"] as const) expect(sent.join()).not.toContain(key!.toString(encoding));
  expect(phone.page.url()).not.toContain("#");
  await phone.expectAccessible();
});

test("a lost answer is asked for again with the same phone key, also after a reload", async ({ phone }) => {
  const keys: (string | null)[] = [];
  await answerSetUps(phone.page, { answered: (given) => keys.push(given.get("publicKey")) });
  await phone.page.route("**/authenticator/set-up", (route) => (keys.push(new URLSearchParams(route.request().postData() ?? "").get("publicKey")), route.abort()), { times: 1 });
  await phone.open("#ABCD2345");
  await phone.setUp({ ...ids("02"), code: undefined });
  await expect(phone.page.getByText("OTP-906", { exact: true })).toBeVisible();
  await expect(phone.field("利用開始パスワード")).toHaveValue("20261122");
  await phone.page.reload();
  await phone.setUp({ ...ids("02"), code: undefined });
  await phone.oneTimePassword("user02");
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("ten tokens fit, an eleventh is refused with words before anything is sent, and other tabs follow", async ({ phone }) => {
  let asked = 0;
  await answerSetUps(phone.page, { answered: () => asked++ });
  await phone.open();
  const other = new Phone(await phone.page.context().newPage());
  await other.open();
  for (let number = 10; number < 20; number++) {
    if (number > 10) await phone.page.getByRole("button", { name: "トークンを追加する" }).click();
    await phone.setUp(ids(String(number)));
    await phone.oneTimePassword(`user${number}`);
  }
  await expect(other.page.getByRole("listitem")).toHaveCount(10);
  await phone.expectAccessible();
  await phone.page.getByRole("button", { name: "トークンを追加する" }).click();
  await expect(phone.page.getByText("OTP-316", { exact: true })).toBeVisible();
  expect(asked).toBe(10);
  await phone.page.getByRole("button", { name: "トークンの表示に戻る" }).click();
  await phone.token("user15").getByRole("button", { name: "この端末から削除する" }).click();
  await expect(phone.token("user15")).toContainText("元に戻せません");
  await phone.button("削除しない").click();
  const removal = phone.token("user15").getByRole("button", { name: "この端末から削除する" });
  await expect(removal).toBeFocused();
  await removal.click();
  await phone.page.getByRole("button", { name: "削除する", exact: true }).click();
  await expect(other.token("user15")).toHaveCount(0);
  await expect(other.page.getByRole("listitem")).toHaveCount(9);
});

test("an expired token shows no password and says what to do; one that ends soon announces it", async ({ phone }) => {
  await answerSetUps(phone.page, { expiresAt: "2026-01-01T00:00:00Z" });
  await phone.open();
  await phone.setUp(ids("21"));
  await expect(phone.token("user21").getByText("OTP-318")).toBeVisible();
  await expect(phone.token("user21").getByLabel("ワンタイムパスワード", { exact: true })).toHaveCount(0);
  const { now } = (await (await phone.page.request.get("/qa/api/clock")).json()) as { now: string };
  await answerSetUps(phone.page, { expiresAt: new Date(Date.parse(now) + 20 * 86_400_000 - 1000).toISOString() });
  await phone.page.getByRole("button", { name: "トークンを追加する" }).click();
  await phone.setUp(ids("22"));
  await expect(phone.token("user22")).toContainText("あと20日");
  await phone.oneTimePassword("user22");
  await phone.expectAccessible();
});

test("what is missing or malformed is a field error, and nothing is sent", async ({ phone }) => {
  let asked = 0;
  await answerSetUps(phone.page, { answered: () => asked++ });
  await phone.open();
  await phone.setUp({ serviceId: "", userId: "1234", activationPassword: "abc", code: "ABC" });
  await expect(phone.page.getByText(/^＊/)).toHaveCount(4);
  await expect(phone.field("ユーザID")).toHaveValue("1234");
  await expect(phone.field("利用開始パスワード")).toHaveValue("");
  await phone.expectAccessible();
  expect(asked).toBe(0);
});

test("a link without its code, or cut, says so; a second link in the same tab counts", async ({ phone }) => {
  await phone.page.goto("/authenticator/start");
  await expect(phone.page.getByText("OTP-314", { exact: true })).toBeVisible();
  await phone.page.goto("/authenticator/start#ABC");
  await expect(phone.page.getByText("OTP-315", { exact: true })).toBeVisible();
  await phone.open("#ABC");
  await expect(phone.field("受付コード")).toBeVisible();
  await phone.page.evaluate(() => (location.hash = "#ABCD2345"));
  await expect(phone.field("受付コード")).toHaveCount(0);
});

test("on an iPhone the app is installed first, and the code is there to be typed", async ({ browser }) => {
  const context = await browser.newContext({ ...devices["iPhone 15"], serviceWorkers: "block" });
  const phone = new Phone(await context.newPage());
  await phone.page.goto("/authenticator/start#abcd2345");
  await expect(phone.page.getByText("「ホーム画面に追加」を選びます")).toBeVisible();
  await expect(phone.field("受付コード")).toHaveText("ABCD2345");
  await phone.expectAccessible();
  await context.close();
});

test("a wrong clock and the PC's own browser are warned about, in words", async ({ phone }) => {
  await phone.page.route("**/authenticator/state", async (route) =>
    route.fulfill({ json: { now: ((await (await route.fetch()).json()) as { now: number }).now - 200_000, sameBrowser: true } }));
  await phone.open();
  await expect(phone.page.getByText("この端末の時計が、約3分進んでいます")).toBeVisible();
  await expect(phone.page.getByText("ログインしているブラウザです")).toBeVisible();
  await phone.expectAccessible();
});

test("lost storage, no storage and plain http each say what happened and what is needed", async ({ phone }) => {
  const { page } = phone;
  await phone.open();
  await page.evaluate(() => (document.cookie = "__Host-ichido-phone=1; Path=/; Secure; SameSite=Strict"));
  await phone.open();
  await expect(page.getByText("OTP-313", { exact: true })).toBeVisible();
  await phone.expectAccessible();
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("private", "SecurityError");
    };
  });
  await phone.open();
  await expect(page.getByText("OTP-312", { exact: true })).toBeVisible();
  await page.addInitScript(() => Object.defineProperty(globalThis, "isSecureContext", { value: false }));
  await phone.open();
  await expect(page.getByText("OTP-311", { exact: true })).toBeVisible();
  await phone.expectAccessible();
});

test("a refused camera leaves typing", async ({ phone }) => {
  await phone.page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
  });
  await phone.open();
  await phone.page.getByRole("button", { name: "QRコードを読み取る" }).click();
  await expect(phone.page.getByText("カメラの使用が許可されていません")).toBeVisible();
  await expect(phone.field("ユーザID")).toBeEditable();
});

test("the camera reads the PC's QR code into the fields", async ({ baseURL, launchOptions }, info) => {
  const film = info.outputPath("qr.y4m");
  writeFileSync(film, filmOf("ICHIDO:10010001:482109371156"));
  const args = [...(launchOptions.args ?? []), "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
  const browser = await chromium.launch({ ...launchOptions, args });
  const phone = new Phone(await (await browser.newContext({ ...pixel, baseURL, permissions: ["camera"] })).newPage());
  await phone.open();
  await phone.page.getByRole("button", { name: "QRコードを読み取る" }).click();
  await expect(phone.field("ユーザID")).toHaveValue("482109371156", { timeout: 20_000 });
  await expect(phone.field("サービスID")).toHaveValue("10010001");
  await expect(phone.page.getByLabel("カメラの映像")).toHaveCount(0);
  await browser.close();
});

const transfer: Statement = { title: "振込の承認", facts: [["受取人", "カ）<b>ミホン</b>コウギョウ 𠮷田"], ["金額", "1,250,000円"]] };
const nonce = "n".repeat(43);

/** Whose demo token stands where on the phone. */
async function tokenIdOf(phone: Phone, loginId: string): Promise<string> {
  const phones = (await (await phone.page.request.get("/qa/api/phones")).json()) as { token: { id: string; loginId: string } }[];
  return phones.find(({ token }) => token.loginId === loginId)!.token.id;
}

const pictureOf = (text: string) => QRCode.toBuffer(text, { errorCorrectionLevel: "L", scale: 5 });

async function requestFor(phone: Phone, loginId: string, statement = transfer): Promise<Buffer> {
  return pictureOf(approvalText({ tokenId: await tokenIdOf(phone, loginId), nonce, statement }));
}

test("what is to be approved is read and looked at before there is a number for it", async ({ phone }) => {
  await phone.hold("haruki");
  await phone.read(await requestFor(phone, "haruki"));
  await phone.expectStatement(transfer.title, [...transfer.facts] as [string, string][]);
  await expect(phone.page.getByLabel("カメラの映像")).toHaveCount(0);
  await expect(phone.page.getByRole("main")).toContainText("データ商事株式会社ログインID：haruki");
  await expect(phone.approvalNumber).toHaveCount(0);
  await phone.expectAccessible();
  const number = await phone.confirmStatement();
  await expect(phone.page.getByRole("heading", { level: 2, name: "承認番号", exact: true })).toBeFocused();
  await expect(phone.page.getByText("この番号をパソコンの画面に入力してください。内容に心当たりがないときは、入力しないでください。")).toBeVisible();
  await expect(phone.page.getByText(/^あと [0-9]+ 秒$/)).toBeVisible();
  await phone.expectAccessible();
  await phone.page.request.post("/qa/api/clock", { data: { advanceSeconds: 60 } });
  await expect(phone.approvalNumber).not.toHaveText(number);
  await phone.button("閉じる").click();
  await phone.oneTimePassword("haruki");
  await expect(phone.page.getByRole("heading", { level: 1, name: "ワンタイムパスワード", exact: true })).toBeFocused();
});

test("ten people's login IDs are read from one QR code, and nothing of them is cut", async ({ phone }) => {
  const statement: Statement = {
    title: "トークンの失効",
    facts: [["会社", "株式会社".repeat(12)], ...Array.from({ length: 10 }, (_, index) => ["対象", `${index}`.repeat(30)] as const), ["再発行", "失効後7日間、許可する"]],
  };
  await phone.hold("haruki");
  await phone.read(await requestFor(phone, "haruki", statement));
  await phone.expectStatement(statement.title, [...statement.facts] as [string, string][]);
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("a QR code of something else, one that hides a line, another phone's and an expired token each have their words", async ({ phone }) => {
  await phone.hold("haruki");
  for (const text of [
    "https://bank.example/", "ICHIDO:10010001:482109371156",
    approvalText({ tokenId: await tokenIdOf(phone, "haruki"), nonce, statement: { title: "振込の承認", facts: [["受取人", "カ）ミホン\u202e\n金額"]] } }),
  ]) {
    await phone.read(await pictureOf(text));
    await expect(phone.page.getByText("承認する操作のQRコードではありません。パソコンの承認の画面に表示されたQRコードを映してください。（OTP-320）")).toBeVisible();
    await phone.button("読み取りをやめる").click();
    await phone.oneTimePassword("haruki");
  }
  await phone.read(await requestFor(phone, "sakuro"));
  await phone.expectRefusal("OTP-321");
  await phone.expectAccessible();
  await phone.see(await requestFor(phone, "haruki"));
  await phone.button("もう一度読み取る").click();
  await phone.expectStatement(transfer.title, [...transfer.facts] as [string, string][]);
  await phone.confirmStatement();
  await phone.page.request.post("/qa/api/clock", { data: { advanceSeconds: 731 * 86_400 } });
  await phone.expectRefusal("OTP-322");
  await expect(phone.approvalNumber).toHaveCount(0);
  await phone.page.request.post("/qa/api/clock", { data: { reset: true } });
});

test("a phone whose camera cannot be used says what else there is", async ({ phone }) => {
  await phone.hold("haruki");
  for (const [name, code] of [["NotAllowedError", "OTP-323"], ["NotFoundError", "OTP-324"], ["NotReadableError", "OTP-325"]] as const) {
    await phone.page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", name));
    }, name);
    await phone.button("承認する操作を読み取る").click();
    await phone.expectRefusal(code);
    await expect(phone.page.getByRole("main")).toContainText("パソコンの画面でパスキーを使うか");
    await phone.button("閉じる").click();
  }
});

test("offline after the first visit; the service worker keeps nothing about anybody", async ({ browser, request }) => {
  const context = await browser.newContext(pixel);
  const phone = new Phone(await context.newPage());
  await phone.hold("haruki");
  const online = await phone.oneTimePassword("haruki");
  expect(online).toMatch(/^[0-9]{6}$/);
  await expect.poll(() => kept(phone.page)).toContain("/authenticator/start");
  await phone.page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await phone.page.reload();
  const { oneTimePassword } = (await (await request.get("/qa/api/one-time-password?loginId=haruki")).json()) as { oneTimePassword: string };
  await expect.poll(() => phone.oneTimePassword("haruki")).toBe(oneTimePassword);
  await phone.expectAccessible();
  await phone.read(await requestFor(phone, "haruki"));
  await phone.expectStatement(transfer.title, [...transfer.facts] as [string, string][]);
  expect(await phone.confirmStatement()).toMatch(/^[0-9]{6}$/);
  await phone.page.goto("/authenticator/start#ABCD2345");
  await expect(phone.field("受付コード")).toHaveText("ABCD2345");
  expect((await kept(phone.page)).filter((path) => !path.startsWith("/_next/static/")).sort()).toEqual([
    "/authenticator", "/authenticator/start", "/icon.svg", "/icons/apple-touch-icon.png", "/icons/icon-192.png",
    "/icons/icon-512.png", "/icons/icon-maskable-512.png", "/institution.json", "/manifest.webmanifest",
  ]);
  await context.close();
});

test("the service worker keeps what its pages need before anybody has opened one: fonts, and what is only loaded later", async ({ page }) => {
  await page.goto("/login");
  await page.evaluate(async () => {
    const { installing } = await navigator.serviceWorker.register("/authenticator-sw.js", { scope: "/authenticator" });
    await new Promise<void>((resolve) => installing!.addEventListener("statechange", () => { if (installing!.state === "activated") resolve(); }));
  });
  const files = (await kept(page)).map((path) => path.split("/").at(-1)!);
  expect(files.filter((file) => file.endsWith(".woff2")).map((file) => file.split(".")[0]).sort()).toEqual(["bold", "regular"]);
  expect(files.filter((file) => file.endsWith(".css"))).toHaveLength(2); // one that pages begin with, and the rules of the rarer characters
});

const kept = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });

/** A film of one QR code, in the form that Chromium takes for a camera. */
function filmOf(text: string): Buffer {
  const [width, height] = [640, 480];
  const { modules } = QRCode.create(text);
  const scale = Math.floor(400 / (modules.size + 8));
  const [left, top] = [(width - scale * modules.size) >> 1, (height - scale * modules.size) >> 1];
  const light = Buffer.alloc(width * height, 255);
  for (let y = 0; y < modules.size * scale; y++)
    for (let x = 0; x < modules.size * scale; x++)
      if (modules.get(Math.floor(y / scale), Math.floor(x / scale))) light[(y + top) * width + x + left] = 0;
  const frame = Buffer.concat([Buffer.from("FRAME\n"), light, Buffer.alloc((width * height) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame, frame]);
}

import { chromium } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Phone } from "./pages/phone";
import { activationPassword, minutes } from "./qa";
import { origins } from "./stack";

// authenticator.spec.ts has the app's own promises; here the bank's half answers.

test("an app that did not inherit the link asks for the 受付コード, and takes it as a person types it", async ({ qa, pc, phone }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  const code = (await qa.link("tarou@example.jp")).split("#")[1]!;
  await phone.open();
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword, code: `${code.slice(0, 4).toLowerCase()}-${code.slice(4).toLowerCase()}` });
  await pc.confirmation.confirm(await phone.oneTimePassword("tarou"));
  await pc.top.shown();
});

test("IDs in full-width digits and with the gaps they are shown with are what the person means", async ({ qa, pc, phone }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  const { serviceId, userId } = await pc.confirmation.ids();
  const wide = (digits: string) => digits.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  await phone.follow(await qa.link("tarou@example.jp"));
  await phone.setUp({ serviceId: wide(serviceId), userId: userId.match(/.{4}/g)!.join(" "), activationPassword: wide(activationPassword) });
  await phone.oneTimePassword("tarou");
});

test("two people's tokens on one phone stand apart, each with its own password", async ({ qa, pc, otherPc, phone }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  await phone.follow(await qa.link("tarou@example.jp"));
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword });
  await phone.oneTimePassword("tarou");

  await otherPc.caller.password("ichiro");
  const form = { mailAddress: "i@example.jp", mailAddressAgain: "i@example.jp", activationPassword: "654321", activationPasswordAgain: "654321" };
  await otherPc.caller.post("/token/issuance/issue", form);
  await otherPc.confirmation.open();
  await phone.follow(await qa.link("i@example.jp"));
  await phone.setUp({ ...(await otherPc.confirmation.ids()), activationPassword: "654321" });
  const [tarou, ichiro] = [await phone.oneTimePassword("tarou"), await phone.oneTimePassword("ichiro")];
  expect(tarou).not.toBe(ichiro);
  await otherPc.confirmation.confirm(tarou);
  await otherPc.confirmation.expectRefusal("OTP-109");
  await otherPc.confirmation.confirm(ichiro);
  await otherPc.top.shown();
  await pc.confirmation.confirm(tarou);
  await pc.top.shown();
});

test("the digits change with the minute, on the phone as on the server", async ({ qa, pc, phone }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  await phone.follow(await qa.link("tarou@example.jp"));
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword });
  for (let minute = 0; minute < 3; minute++) {
    await qa.advance(1 * minutes);
    await expect.poll(async () => (await phone.oneTimePassword("tarou")) === (await qa.shownPassword("tarou")).oneTimePassword).toBe(true);
  }
});

test("setting up in the PC's own browser is warned about, not refused", async ({ qa, pc }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  const ids = await pc.confirmation.ids();
  const inTheSameBrowser = new Phone(await pc.page.context().newPage());
  await inTheSameBrowser.follow(await qa.link("tarou@example.jp"));
  await expect(inTheSameBrowser.page.getByText("ログインしているブラウザです")).toBeVisible();
  await inTheSameBrowser.setUp({ ...ids, activationPassword });
  await pc.confirmation.confirm(await inTheSameBrowser.oneTimePassword("tarou"));
  await pc.top.shown();
});

test("on a LAN's plain http the app says what is needed", async ({ launchOptions }) => {
  const browser = await chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), "--host-resolver-rules=MAP lan.test 127.0.0.1"] });
  const page = await browser.newPage();
  for (const path of ["/authenticator", "/authenticator/start#ABCD2345"]) {
    await page.goto(`http://lan.test:${new URL(origins()[0]).port}${path}`);
    await expect(page.getByText("OTP-311", { exact: true })).toBeVisible();
    await expect(page.getByText("https:// で始まるアドレスで開いてください。")).toBeVisible();
    await expect(page.getByRole("button", { name: "初期設定", exact: true })).toHaveCount(0);
  }
  await browser.close();
});

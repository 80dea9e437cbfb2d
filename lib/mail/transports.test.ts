import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { testDatabase } from "@/lib/platform/test-database";
import { mailbox, readMailbox } from "./mailbox.qa";
import { mailTransport, mailTransports } from "./transports";
import * as qa from "./transports.qa";

const database = testDatabase();

test("a production build knows Resend and SMTP, a QA build the mailbox too", () => {
  expect(mailTransports).toEqual(["resend", "smtp"]);
  expect(qa.mailTransports).toEqual(["mailbox", "resend", "smtp"]);
  for (const name of ["mailbox", "sendmail", "toString", ""]) expect(() => mailTransport(name)).toThrow("MAIL_TRANSPORT must be one of resend, smtp");
  expect(qa.mailTransport("mailbox")).toBe(mailbox);
});

test("the mailbox keeps each mail once, newest first, with its links and the rules' time", async () => {
  const signal = AbortSignal.timeout(5_000);
  const put = (to: string, text: string, idempotencyKey: string = randomUUID()) => mailbox({ to, subject: "件名", text, html: `<p>${text}</p>` }, { idempotencyKey, signal });
  const key = randomUUID();
  await put("tarou@example.jp", "一通目\n\nhttp://localhost:3000/authenticator/start#ABCD2345\n\n以上", key);
  await put("tarou@example.jp", "一通目", key);
  await put("haruki@example.jp", "別の宛先");
  await database.advance(3_600);
  await put("tarou@example.jp", "二通目");

  const mails = await readMailbox("tarou@example.jp");
  expect(mails.map(({ text, links }) => [text.slice(0, 3), links])).toEqual([["二通目", []], ["一通目", ["http://localhost:3000/authenticator/start#ABCD2345"]]]);
  expect(Date.parse(mails[0]!.sentAt) - Date.parse(mails[1]!.sentAt)).toBeGreaterThanOrEqual(3_600_000);
  expect(await readMailbox()).toHaveLength(3);
  expect(await readMailbox("nobody@example.jp")).toEqual([]);
});

test("a connection that Resend refuses was certainly not taken over", async () => {
  vi.stubEnv("RESEND_API_KEY", "re_test");
  vi.stubEnv("RESEND_BASE_URL", "http://127.0.0.1:1");
  vi.resetModules();
  const { resend } = await import("./resend");
  const mail = { to: "tarou@example.jp", subject: "件名", text: "本文", html: "<p>本文</p>" };
  expect(await resend(mail, { idempotencyKey: randomUUID(), signal: AbortSignal.timeout(5_000) })).toEqual({ retry: "not_connected" });
  vi.unstubAllEnvs();
});

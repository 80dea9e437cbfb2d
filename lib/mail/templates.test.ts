import { expect, test } from "vitest";
import type { Institution } from "@/lib/platform/institution";
import type { MailContent } from "./intents";
import { write } from "./templates";

const institution: Institution = {
  name: "いちど信用組合", serviceId: "10010001",
  helpDesk: {
    name: "いちど信用組合インターネットバンキングヘルプデスク", number: "0120-000-000",
    hours: [{ days: "平日", from: "9:00", to: "24:00" }, { days: "土・日・祝日", from: "9:00", to: "17:00" }], closedDays: ["1月1日〜1月3日", "12月31日"],
  },
};
const at = "2026-11-22T05:32:00.000Z";
const userName = "データ花子";
const network = "192.0.2.1";
const link = "https://ib.example.jp/authenticator/start#ABCD2345";

const every: [MailContent, string][] = [
  [{ kind: "service_applied", corporationName: "データ商事株式会社", from: "2026-11-22" }, "契約内容変更のご案内"],
  [{ kind: "authentication_changed", corporationName: "データ商事株式会社", at, authentication: { passkeyPolicy: "required", passkeyRequiredFrom: "2026-12-01", passkeyAlone: true, stepUpPolicy: "everyone" } }, "契約内容変更のご案内"],
  [{ kind: "issuance_link", link, validUntil: at }, "ワンタイムパスワードのご案内"],
  [{ kind: "token_confirmed", userName, at, network, renewal: false }, "トークン発行のお知らせ"],
  [{ kind: "token_confirmed", userName, at, network, renewal: true }, "トークン発行のお知らせ"],
  [{ kind: "suspended", userName, at, network, forManagers: false }, "利用停止のお知らせ"],
  [{ kind: "suspended", userName, at, network, forManagers: true }, "利用停止のお知らせ"],
  [{ kind: "suspension_lifted", userNames: [userName], at }, "停止解除のお知らせ"],
  [{ kind: "token_revoked", userNames: [userName], at }, "トークン失効のお知らせ"],
  [{ kind: "passkey_registered", userName, passkeyName: "事務所のパソコン", at, network }, "パスキー登録のお知らせ"],
  [{ kind: "passkey_removed", userNames: [userName], passkeyName: "事務所のパソコン", at }, "パスキー削除のお知らせ"],
  [{ kind: "passkey_removed", userNames: [userName], at }, "パスキー削除のお知らせ"],
  [{ kind: "one_time_password_replayed", userName, at, network }, "使用済みワンタイムパスワードの入力について"],
  [{ kind: "accepted_after_wrong_ones", userName, at, network, failures: 3 }, "ワンタイムパスワードの入力誤り後の認証について"],
  [{ kind: "new_environment", userName, at, browser: "Chrome / Windows", network }, "新しい環境からのログインのお知らせ"],
  [{ kind: "login_temporarily_stopped", userName, at, until: at, network }, "ログインパスワードの利用一時停止のお知らせ"],
  [{ kind: "login_password_changed", userName, at }, "ログインパスワード変更のお知らせ"],
  [{ kind: "confirmation_password_suspended", userName, at, network, forManagers: false }, "確認用パスワードの利用停止のお知らせ"],
  [{ kind: "confirmation_password_suspended", userName, at, network, forManagers: true }, "確認用パスワードの利用停止のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "registered" }, "利用者登録のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "changed" }, "利用者情報変更のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "user_class" }, "利用者情報変更のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "mail_address" }, "メールアドレス変更のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "stopped" }, "利用者停止のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "stop_released" }, "利用者停止解除のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "deleted" }, "利用者削除のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "permission_opened" }, "発行許可のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "login_password_issued" }, "仮パスワード発行のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "login_password_suspended" }, "ログインパスワードの利用停止のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "login_password_lifted" }, "ログインパスワードの利用停止解除のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "confirmation_password_issued" }, "仮パスワード発行のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "confirmation_password_lifted" }, "確認用パスワードの利用停止解除のお知らせ"],
  [{ kind: "user_changed", userNames: [userName], at, change: "confirmation_password_changed" }, "確認用パスワード変更のお知らせ"],
  [{ kind: "audit_head", corporationName: "データ商事株式会社", number: 12, hash: "0a".repeat(32), sealedAt: at }, "監査ログの封印値のお知らせ"],
  [{ kind: "token_expires_soon", userName, expiresAt: at }, "有効期限のお知らせ"],
];

const mail = (content: MailContent) => write(content, "hanako@example.jp", institution);

test.each(every)("$kind: its title, the moment in Japan time, the help desk, the same words again", (content, title) => {
  const { to, subject, text, html } = mail(content);
  expect(to).toBe("hanako@example.jp");
  expect(subject).toBe(`【いちど信用組合】${title}`);
  for (const words of [text, html]) {
    expect(words).toContain("2026年11月22日(日)");
    if (content.kind !== "service_applied") expect(words).toContain("14:32");
    if ("network" in content) expect(words).toContain(content.network);
    expect(words).toContain("0120-000-000");
    expect(words).toContain("土・日・祝日 9:00〜17:00");
  }
  expect(mail(content)).toEqual({ to, subject, text, html });
});

test.each(every)("$kind: no login link, no form, no ID, no request to type a password, and no link but the issuance's own", (content) => {
  const { text, html } = mail(content);
  const links = [...`${text}\n${html}`.matchAll(/https?:\/\/[^\s"<]+/g)].map(([found]) => found);
  expect(new Set(links)).toEqual(new Set(content.kind === "issuance_link" ? [link] : []));
  expect(html).not.toMatch(/<form|<input|<script|<img|style=/);
  expect(text).not.toMatch(/パスワードを(ご)?入力(して|の)/);
  expect(text + html).not.toContain("10010001");
});

test("the issuance mail says where the three other things are, and until when", () => {
  const { text } = mail({ kind: "issuance_link", link, validUntil: at });
  expect(text.split("\n")).toContain(link);
  expect(text).toContain("スマートフォンで次のURLを開き");
  expect(text).toContain("URLの有効期限：2026年11月22日(日) 14:32");
  expect(text).toContain("サービスID、ユーザID：お申し込みをされたパソコンの画面に表示されています。");
  expect(text).toContain("利用開始パスワード：お申し込みの際にお客様がお決めになった数字です。");
});

test("a name is text, whatever is in it", () => {
  const name = `<script>alert("1")</script>'; DROP 𠮷野\u202e家\u2066\r\nBcc: evil@example.com\0\u2028👨‍💼`;
  for (const [content] of every) {
    const { subject, text, html } = mail({ ...content, ...("userName" in content && { userName: name }), ...("userNames" in content && { userNames: [name] }), ...("corporationName" in content && { corporationName: name }) });
    expect(subject).not.toMatch(/[\p{C}]|script|Bcc/u);
    if (content.kind === "issuance_link") continue;
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;; DROP 𠮷野家Bcc: evil@example.com");
    expect(text).toContain("<script>alert(\"1\")</script>'; DROP 𠮷野家Bcc: evil@example.com");
    expect(text + html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0\r\u2028]/);
  }
});

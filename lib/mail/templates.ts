import { institution, type Institution } from "@/lib/platform/institution";
import { dateAndTime, dateOnly } from "@/lib/platform/japan-time";
import { policy } from "@/lib/policy";
import type { MailContent } from "./intents";
import type { Mail } from "./transport";

/** A mail before it is text or HTML. Titles are constant: nothing that a person typed reaches a header. */
type Letter = {
  title: string;
  opening: string[];
  link?: string;
  facts?: [label: string, value: string][];
  then: string[];
};

type Of<Kind extends MailContent["kind"]> = Extract<MailContent, { kind: Kind }>;

/** On one line, and in reading order: line breaks and direction marks in a name could forge what stands around it. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");

const user = (name: string): [string, string] => ["利用者", `${oneLine(name)} 様`];
const when = (label: string, at: string): [string, string] => [label, dateAndTime(new Date(at))];
const network = (address: string): [string, string] => ["接続元", oneLine(address) || "不明"];

const askRevocation = "お心当たりがない場合は、第三者による不正利用のおそれがあります。直ちに貴社のマスターユーザまたは管理者ユーザにトークンの失効をご依頼のうえ、ヘルプデスクまでご連絡ください。";
const askHelpDesk = "お心当たりがない場合は、第三者による不正利用のおそれがあります。直ちにヘルプデスクまでご連絡ください。";

const letters: { [Kind in MailContent["kind"]]: (content: Of<Kind>, institution: Institution) => Letter } = {
  issuance_link: ({ link, validUntil }) => ({
    title: "ワンタイムパスワードのご案内",
    opening: [
      "ワンタイムパスワードのトークン発行のお申し込みを受け付けました。",
      "ワンタイムパスワードを表示するスマートフォンで次のURLを開き、画面の案内に沿って初期設定を行ってください。",
    ],
    link,
    facts: [when("URLの有効期限", validUntil)],
    then: [
      "初期設定には、次のものが必要です。いずれもこのメールには記載していません。\n・サービスID、ユーザID：お申し込みをされたパソコンの画面に表示されています。\n・利用開始パスワード：お申し込みの際にお客様がお決めになった数字です。",
      "初期設定で、ログインIDやログインパスワードをお尋ねすることはありません。",
      "お心当たりがない場合は、URLを開かずに、ヘルプデスクまでご連絡ください。",
    ],
  }),
  token_confirmed: ({ userName, at, network: address, renewal }) => ({
    title: "トークン発行のお知らせ",
    opening: [renewal
      ? "ワンタイムパスワードのトークンが更新されました。これまでのトークンはご利用いただけません。"
      : "ワンタイムパスワードのトークンが発行され、ご利用が開始されました。次回のログインから、ワンタイムパスワードの入力が必要です。"],
    facts: [user(userName), when("認証確認日時", at), network(address)],
    then: [askRevocation],
  }),
  suspended: ({ userName, at, network: address, forManagers }) => ({
    title: "利用停止のお知らせ",
    opening: ["ワンタイムパスワードが続けて間違えて入力されたため、次の利用者のインターネットバンキングのご利用を停止しました。"],
    facts: [user(userName), when("利用停止日時", at), network(address)],
    then: [
      forManagers
        ? "利用停止は、ほかのマスターユーザまたは管理者ユーザが［管理］の［ワンタイムパスワードの管理］から解除することができます。解除できる方がいない場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。解除の前に、利用者ご本人が入力されたものかをご確認ください。"
        : "利用停止は、貴社のほかのマスターユーザまたは管理者ユーザが解除することができます。解除できる方がいない場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。",
      "お心当たりがない場合は、ログインパスワードが第三者に知られているおそれがあります。直ちにヘルプデスクまでご連絡ください。",
    ],
  }),
  suspension_lifted: ({ userName, at }) => ({
    title: "停止解除のお知らせ",
    opening: ["次の利用者のワンタイムパスワードの利用停止が解除されました。インターネットバンキングをご利用いただけます。"],
    facts: [user(userName), when("停止解除日時", at)],
    then: [askHelpDesk],
  }),
  token_revoked: ({ userName, at }) => ({
    title: "トークン失効のお知らせ",
    opening: ["次の利用者のワンタイムパスワードのトークンが失効しました。スマートフォンに表示されるワンタイムパスワードはご利用いただけません。"],
    facts: [user(userName), when("失効日時", at)],
    then: [`失効後${policy.waitAfterRevocationMinutes}分間は、ログインできません。`, askHelpDesk],
  }),
  one_time_password_replayed: ({ userName, at, network: address }) => ({
    title: "使用済みワンタイムパスワードの入力について",
    opening: ["一度使用されたワンタイムパスワードが、もう一度入力されました。使用済みのワンタイムパスワードではログインできません。"],
    facts: [user(userName), when("入力日時", at), network(address)],
    then: ["お客様ご自身が入力された場合は、次に表示されるワンタイムパスワードをご利用ください。", "お心当たりがない場合は、ワンタイムパスワードとログインパスワードが第三者に知られているおそれがあります。直ちにヘルプデスクまでご連絡ください。"],
  }),
  new_environment: ({ userName, at, browser, network: address }) => ({
    title: "新しい環境からのログインのお知らせ",
    opening: ["これまでご利用のなかったブラウザから、インターネットバンキングにログインがありました。"],
    facts: [user(userName), when("ログイン日時", at), ["ブラウザ", oneLine(browser) || "不明"], network(address)],
    then: ["お客様ご自身のログインであれば、お手続きは不要です。", askRevocation],
  }),
  login_temporarily_stopped: ({ userName, at, until, network: address }) => ({
    title: "ログインパスワードの利用一時停止のお知らせ",
    opening: ["ログインパスワードが続けて間違えて入力されたため、ログインを一時的に停止しました。次の日時に自動的に解除されます。"],
    facts: [user(userName), when("一時停止日時", at), when("解除日時", until), network(address)],
    then: ["お手続きは不要です。解除日時を過ぎてから、正しいログインパスワードを入力してください。", "お心当たりがない場合は、ヘルプデスクまでご連絡ください。"],
  }),
  login_password_changed: ({ userName, at }) => ({
    title: "ログインパスワード変更のお知らせ",
    opening: ["次の利用者のログインパスワードが変更されました。"],
    facts: [user(userName), when("変更日時", at)],
    then: [askHelpDesk],
  }),
  token_expires_soon: ({ userName, expiresAt }) => ({
    title: "有効期限のお知らせ",
    opening: ["ワンタイムパスワードのトークンの有効期限が近づいています。有効期限を過ぎると、ログインできなくなります。"],
    facts: [user(userName), when("有効期限", expiresAt)],
    then: ["有効期限までに、パソコンのトップページのご案内からトークンを更新してください。更新が済むまでは、現在のトークンを引き続きご利用いただけます。"],
  }),
  service_applied: ({ corporationName, from }, { name }) => ({
    title: "契約内容変更のご案内",
    opening: [`${name}のインターネットバンキングで、ワンタイムパスワードサービスのお申し込みを承りました。`],
    facts: [["ご契約先", `${oneLine(corporationName)} 様`], ["ご利用開始日", dateOnly(new Date(from))]],
    then: ["ご利用開始日以降、各利用者が初めてログインするときに、ワンタイムパスワードのトークン発行のお手続きが必要です。手数料は掛かりません。", askHelpDesk],
  }),
};

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter]!);
const paragraph = (text: string) => `<p>${escape(text).replaceAll("\n", "<br>")}</p>`;

function foot({ name, helpDesk }: Institution): string[] {
  return [
    `${name}が、メールや電話でログインパスワードやワンタイムパスワードをお尋ねすることはありません。\nこのメールは送信専用です。ご返信いただいてもお答えできません。`,
    [
      "◆お問い合わせ先",
      helpDesk.name,
      `TEL：${helpDesk.number}`,
      ...helpDesk.hours.map(({ days, from, to }) => `受付時間：${days} ${from}〜${to}`),
      ...(helpDesk.closedDays.length > 0 ? [`※${helpDesk.closedDays.join("、")}はヘルプデスクの休止日です。`] : []),
    ].join("\n"),
  ];
}

const asText = ({ opening, link, facts = [], then }: Letter, closing: string[]) => [
  ...opening,
  ...(link ? [link] : []),
  ...(facts.length > 0 ? [facts.map(([label, value]) => `${label}：${value}`).join("\n")] : []),
  ...then,
  "――――――――――",
  ...closing,
].join("\n\n") + "\n";

const asHtml = ({ title, opening, link, facts = [], then }: Letter, closing: string[]) => [
  `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>${escape(title)}</title></head><body>`,
  ...opening.map(paragraph),
  ...(link ? [`<p><a href="${escape(link)}">${escape(link)}</a></p>`] : []),
  ...(facts.length > 0 ? ["<table>", ...facts.map(([label, value]) => `<tr><th align="left" scope="row">${escape(label)}</th><td><bdi>${escape(value)}</bdi></td></tr>`), "</table>"] : []),
  ...then.map(paragraph),
  "<hr>",
  ...closing.map(paragraph),
  "</body></html>",
].join("\n") + "\n";

/** The words of a mail. The same content gives the same words: Resend compares them when an idempotency key comes again. */
export function write<Kind extends MailContent["kind"]>(content: Of<Kind>, to: string, of = institution()): Mail {
  const letter = letters[content.kind as Kind](content, of);
  const closing = foot(of);
  return { to, subject: `【${of.name}】${letter.title}`, text: asText(letter, closing), html: asHtml(letter, closing) };
}

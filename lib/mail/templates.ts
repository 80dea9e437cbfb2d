import { authenticationFacts } from "@/lib/corporation/authentication";
import { institution, type Institution } from "@/lib/platform/institution";
import { dateAndTime, dateOnly } from "@/lib/platform/japan-time";
import { policy } from "@/lib/policy";
import type { MailContent, UserChange } from "./intents";
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
const users = (names: string[]): [string, string] => ["利用者", names.map((name) => `${oneLine(name)} 様`).join("、")];
const when = (label: string, at: string): [string, string] => [label, dateAndTime(new Date(at))];
const network = (address: string): [string, string] => ["接続元", oneLine(address) || "不明"];

const askRevocation = "お心当たりがない場合は、第三者による不正利用のおそれがあります。直ちに貴社のマスターユーザまたは管理者ユーザにトークンの失効をご依頼のうえ、ヘルプデスクまでご連絡ください。";
const askHelpDesk = "お心当たりがない場合は、第三者による不正利用のおそれがあります。直ちにヘルプデスクまでご連絡ください。";

const userChanges: Record<UserChange, { title: string; opening: string[]; then?: string[] }> = {
  registered: { title: "利用者登録のお知らせ", opening: ["インターネットバンキングの利用者として、次の方が登録されました。"], then: ["ログインIDと仮パスワードは、貴社のマスターユーザまたは管理者ユーザからお受け取りください。"] },
  registered_by_counter: { title: "利用者登録のお知らせ", opening: ["インターネットバンキングの利用者として、次の方が登録されました。"], then: ["ログインIDと仮パスワードは、お取引店舗の窓口でお受け取りください。"] },
  changed: { title: "利用者情報変更のお知らせ", opening: ["次の利用者の登録内容が変更されました。"] },
  user_class: { title: "利用者情報変更のお知らせ", opening: ["次の利用者の利用者区分が変更されました。"] },
  mail_address: { title: "メールアドレス変更のお知らせ", opening: ["次の利用者の、お知らせを受け取るメールアドレスが変更されました。", "このメールは、変更前と変更後のメールアドレスの両方にお送りしています。"] },
  stopped: { title: "利用者停止のお知らせ", opening: ["次の利用者のインターネットバンキングのご利用が停止されました。"], then: ["停止の解除は、貴社のマスターユーザまたは管理者ユーザにご依頼ください。"] },
  stopped_by_counter: { title: "利用者停止のお知らせ", opening: ["お取引店舗で、次の利用者のインターネットバンキングのご利用を停止しました。"], then: ["停止の解除は、お取引店舗の窓口でお手続きください。"] },
  stop_released: { title: "利用者停止解除のお知らせ", opening: ["次の利用者の停止が解除されました。インターネットバンキングをご利用いただけます。"] },
  deleted: { title: "利用者削除のお知らせ", opening: ["次の利用者が削除されました。インターネットバンキングはご利用いただけません。"] },
  permission_opened: { title: "発行許可のお知らせ", opening: ["次の利用者に、ワンタイムパスワードのトークンの発行が許可されました。"], then: [`発行許可は${policy.permissionDays}日間有効です。トークンは、パソコンでログインした後の画面から発行することができます。`] },
  login_password_issued: { title: "仮パスワード発行のお知らせ", opening: ["次の利用者に、仮ログインパスワードが発行されました。これまでのログインパスワードはご利用いただけません。"], then: ["仮パスワードは、次回のログインの際に変更が必要です。"] },
  login_password_suspended: { title: "ログインパスワードの利用停止のお知らせ", opening: ["次の利用者のログインパスワードが利用停止になりました。"], then: ["利用停止の解除は、貴社のマスターユーザまたは管理者ユーザにご依頼ください。"] },
  login_password_lifted: { title: "ログインパスワードの利用停止解除のお知らせ", opening: ["次の利用者のログインパスワードの利用停止が解除されました。"] },
  confirmation_password_issued: { title: "仮パスワード発行のお知らせ", opening: ["次の利用者に、仮確認用パスワードが発行されました。これまでの確認用パスワードはご利用いただけません。"], then: ["仮パスワードは、次回のログインの際に変更が必要です。"] },
  confirmation_password_lifted: { title: "確認用パスワードの利用停止解除のお知らせ", opening: ["次の利用者の確認用パスワードの利用停止が解除されました。"] },
  confirmation_password_changed: { title: "確認用パスワード変更のお知らせ", opening: ["次の利用者の確認用パスワードが変更されました。"] },
};

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
      "初期設定で、ログインIDやログインパスワードをお聞きすることはありません。",
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
    opening: ["正しくないワンタイムパスワードが続けて入力されたため、次の利用者のインターネットバンキングのご利用を停止しました。"],
    facts: [user(userName), when("利用停止日時", at), network(address)],
    then: [
      forManagers
        ? "利用停止は、ほかのマスターユーザまたは管理者ユーザが［管理］の［ワンタイムパスワードの管理］から解除することができます。解除できる方がいない場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。解除の前に、利用者ご本人が入力されたものかをご確認ください。"
        : "利用停止は、貴社のほかのマスターユーザまたは管理者ユーザが解除することができます。解除できる方がいない場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。",
      "お心当たりがない場合は、ログインパスワードが第三者に知られているおそれがあります。直ちにヘルプデスクまでご連絡ください。",
    ],
  }),
  suspension_lifted: ({ userNames, at }) => ({
    title: "停止解除のお知らせ",
    opening: ["次の利用者のワンタイムパスワードの利用停止が解除されました。インターネットバンキングをご利用いただけます。"],
    facts: [users(userNames), when("停止解除日時", at)],
    then: [askHelpDesk],
  }),
  token_revoked: ({ userNames, at }) => ({
    title: "トークン失効のお知らせ",
    opening: ["次の利用者のワンタイムパスワードのトークンが失効しました。スマートフォンに表示されるワンタイムパスワードはご利用いただけません。"],
    facts: [users(userNames), when("失効日時", at)],
    then: [`失効後${policy.waitAfterRevocationMinutes}分間は、ログインできません。`, askHelpDesk],
  }),
  passkey_registered: ({ userName, passkeyName, at, network: address }) => ({
    title: "パスキー登録のお知らせ",
    opening: ["インターネットバンキングの次の利用者に、パスキーが登録されました。次回のログインから、ワンタイムパスワードの代わりに利用することができます。"],
    facts: [user(userName), ["パスキーの名前", oneLine(passkeyName)], when("登録日時", at), network(address)],
    then: ["お心当たりがない場合は、第三者による不正利用のおそれがあります。直ちに貴社のマスターユーザまたは管理者ユーザにトークンの失効（パスキーも利用できなくなります）をご依頼のうえ、ヘルプデスクまでご連絡ください。"],
  }),
  passkey_removed: ({ userNames, passkeyName, at }) => ({
    title: "パスキー削除のお知らせ",
    opening: [passkeyName === undefined ? "次の利用者のパスキーがすべて削除されました。削除されたパスキーではログインできません。" : "次の利用者のパスキーが削除されました。削除されたパスキーではログインできません。"],
    facts: [users(userNames), ...(passkeyName === undefined ? [] : [["パスキーの名前", oneLine(passkeyName)] satisfies [string, string]]), when("削除日時", at)],
    then: [askHelpDesk],
  }),
  confirmation_password_suspended: ({ userName, at, network: address, forManagers }) => ({
    title: "確認用パスワードの利用停止のお知らせ",
    opening: ["正しくない確認用パスワードが続けて入力されたため、次の利用者の確認用パスワードを利用停止にしました。"],
    facts: [user(userName), when("利用停止日時", at), network(address)],
    then: [
      forManagers
        ? "利用停止は、ほかのマスターユーザまたは管理者ユーザが［管理］の［利用者管理］から解除することができます。解除の前に、利用者ご本人が入力されたものかをご確認ください。"
        : "利用停止は、貴社のほかのマスターユーザまたは管理者ユーザが解除することができます。解除できる方がいない場合は、お取引店舗の窓口でお手続きください。",
      askHelpDesk,
    ],
  }),
  user_changed: ({ userNames, at, change }) => ({
    ...userChanges[change],
    facts: [users(userNames), when("手続日時", at)],
    then: [...(userChanges[change].then ?? []), askHelpDesk],
  }),
  one_time_password_replayed: ({ userName, at, network: address }) => ({
    title: "使用済みワンタイムパスワードの入力について",
    opening: ["一度使用されたワンタイムパスワードが、もう一度入力されました。使用済みのワンタイムパスワードではログインできません。"],
    facts: [user(userName), when("入力日時", at), network(address)],
    then: ["お客様ご自身が入力された場合は、次に表示されるワンタイムパスワードをご利用ください。", "お心当たりがない場合は、ワンタイムパスワードとログインパスワードが第三者に知られているおそれがあります。直ちにヘルプデスクまでご連絡ください。"],
  }),
  accepted_after_wrong_ones: ({ userName, at, network: address, failures }) => ({
    title: "ワンタイムパスワードの入力誤り後の認証について",
    opening: [`正しくないワンタイムパスワードが${failures}回続けて入力された後に、正しいワンタイムパスワードで認証されました。`],
    facts: [user(userName), when("認証日時", at), network(address)],
    then: ["利用者ご本人が入力されたものであれば、お手続きは不要です。", askRevocation],
  }),
  new_environment: ({ userName, at, browser, network: address }) => ({
    title: "新しい環境からのログインのお知らせ",
    opening: ["これまでご利用のなかったブラウザから、インターネットバンキングにログインがありました。"],
    facts: [user(userName), when("ログイン日時", at), ["ブラウザ", oneLine(browser) || "不明"], network(address)],
    then: ["お客様ご自身のログインであれば、お手続きは不要です。", askRevocation],
  }),
  login_temporarily_stopped: ({ userName, at, until, network: address }) => ({
    title: "ログインパスワードの利用一時停止のお知らせ",
    opening: ["正しくないログインパスワードが続けて入力されたため、ログインを一時的に停止しました。次の日時に自動的に解除されます。"],
    facts: [user(userName), when("一時停止日時", at), when("解除日時", until), network(address)],
    then: ["お手続きは不要です。解除日時を過ぎてから、改めてログインしてください。", "お心当たりがない場合は、ヘルプデスクまでご連絡ください。"],
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
  service_ended: ({ corporationName, at }, { name }) => ({
    title: "契約内容変更のご案内",
    opening: [`${name}のインターネットバンキングで、ワンタイムパスワードサービスの解約を承りました。`],
    facts: [["ご契約先", `${oneLine(corporationName)} 様`], when("解約日時", at)],
    then: ["これまでのトークンとパスキーはすべて終了し、次回からは、ログインIDとログインパスワードでログインしていただきます。", askHelpDesk],
  }),
  authentication_changed: ({ corporationName, at, authentication }, { name }) => ({
    title: "契約内容変更のご案内",
    opening: [`${name}のインターネットバンキングで、認証方法の変更を承りました。変更後の内容は、次のとおりです。`],
    facts: [["ご契約先", `${oneLine(corporationName)} 様`], when("変更日時", at), ...authenticationFacts(authentication)],
    then: [
      ...(authentication.passkeyPolicy === "required"
        ? ["パスキーを登録されていない利用者は、適用日以降、ワンタイムパスワードによるログインの後に、パスキーの登録が必要です。適用日までに、［利用者設定］から登録していただきますようお願いいたします。"]
        : []),
      askHelpDesk,
    ],
  }),
  audit_head: ({ corporationName, number, hash, sealedAt }) => ({
    title: "監査ログの封印値のお知らせ",
    opening: ["インターネットバンキングでの貴社のお手続きは監査ログに残し、後から書き換えや削除があれば分かるように封印しています。今月時点の封印値をお知らせします。"],
    facts: [["ご契約先", `${oneLine(corporationName)} 様`], ["監査ログの封印番号", String(number)], ["監査ログの封印値", oneLine(hash)], when("封印日時", sealedAt)],
    then: ["お手続きは不要です。後日、監査ログに欠けがないことを確かめる際に必要となりますので、このメールを保管してください。", "ご不明な点は、ヘルプデスクまでお問い合わせください。"],
  }),
};

export const mailKinds = Object.keys(letters) as MailContent["kind"][];
export const changesMailed = Object.keys(userChanges) as UserChange[];

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter]!);
const paragraph = (text: string) => `<p>${escape(text).replaceAll("\n", "<br>")}</p>`;

function foot({ name, helpDesk }: Institution): string[] {
  return [
    `${name}が、メールや電話でログインパスワードやワンタイムパスワードをお聞きすることはありません。\nこのメールは送信専用です。ご返信いただいてもお答えできません。`,
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

/** What a mail is called, whatever it says. */
export const titleOf = ({ kind, ...content }: MailContent, of = institution()): string => (letters[kind] as (content: MailContent, of: Institution) => Letter)({ kind, ...content } as MailContent, of).title;

/** The words of a mail. The same content gives the same words: Resend compares them when an idempotency key comes again. */
export function write<Kind extends MailContent["kind"]>(content: Of<Kind>, to: string, of = institution()): Mail {
  const letter = letters[content.kind as Kind](content, of);
  const closing = foot(of);
  return { to, subject: `【${of.name}】${letter.title}`, text: asText(letter, closing), html: asHtml(letter, closing) };
}

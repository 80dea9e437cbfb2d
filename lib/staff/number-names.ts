import type { policyNumbers } from "@/lib/policy";

type Numbers = typeof policyNumbers;
type Unit = Numbers[keyof Numbers]["unit"];

/** The policy's numbers in Japanese: what each is, and where it comes from. No I/O, and nothing of the policy itself: the page is told the values. */
export const numberWords: Record<keyof Numbers, { name: string; source: string }> = {
  timeStepSeconds: { name: "ワンタイムパスワードが切り替わる間隔", source: "お客様へのご案内 1" },
  digits: { name: "ワンタイムパスワードの桁数", source: "RFC 4226 5.3（6桁以上）" },
  acceptedStepsBack: { name: "受け付ける、前の時間区間の数", source: "RFC 6238 5.2（伝送の遅れ）" },
  acceptedSecondsAhead: { name: "次の時間区間を、先に受け付ける時間", source: "当金融機関の定め（スマートフォンの時計の進み）" },
  failuresBeforeSuspension: { name: "利用停止になる、正しくないワンタイムパスワードの回数", source: "お客様へのご案内 参考1（回数は当金融機関の定め）" },
  passwordFailuresBeforeStop: { name: "利用一時停止になる、正しくないログインパスワードの回数", source: "NIST SP 800-63B 3.2.2" },
  temporaryStopMinutes: { name: "ログインパスワードの利用一時停止の時間", source: "当金融機関の定め" },
  confirmationFailuresBeforeSuspension: { name: "利用停止になる、正しくない確認用パスワードの回数", source: "NIST SP 800-63B 3.2.2" },
  passwordChangesPerDay: { name: "24時間に変更できるパスワードの回数", source: "当金融機関の定め（パスワードの推測の防止）" },
  issuanceValidityHours: { name: "トークン発行の有効時間", source: "当金融機関の定め（1営業日）" },
  setUpTries: { name: "発行が無効になる、正しくない初期設定の回数", source: "NIST SP 800-63B 3.2.2" },
  resends: { name: "トークン発行のメールを再送できる回数", source: "当金融機関の定め" },
  secondsBetweenResends: { name: "メールの再送の間隔", source: "当金融機関の定め" },
  issuancesPerDay: { name: "24時間に行えるトークン発行の回数", source: "当金融機関の定め（大量のメール送信の防止）" },
  waitAfterRevocationMinutes: { name: "失効後、ログインできるまでの時間", source: "お客様へのご案内 参考2" },
  tokenLifeDays: { name: "トークンの有効期間", source: "当金融機関の定め（2年）" },
  renewalDays: { name: "トークンを更新できる期間", source: "当金融機関の定め" },
  permissionDaysFromService: { name: "サービスの適用日からの発行許可の期間", source: "当金融機関の定め" },
  permissionDays: { name: "発行許可の期間", source: "当金融機関の定め" },
  passkeysPerUser: { name: "1人の利用者が登録できるパスキーの数", source: "当金融機関の定め" },
  passkeyChallengeMinutes: { name: "パスキーの操作を待つ時間", source: "W3C WebAuthn 13.4.3（時間は当金融機関の定め）" },
  halfLoginMinutes: { name: "ログインの手続きの途中で待つ時間", source: "OWASP ASVS 2.3.1" },
  idleMinutes: { name: "操作がないときに、自動でログアウトするまでの時間", source: "NIST SP 800-63B 2.2.3" },
  stepUpMinutes: { name: "操作の前にもう一度本人確認を求めるまでの時間", source: "ASVS 7.5.3、当金融機関の定め" },
  absoluteHours: { name: "ログインしていられる最長の時間", source: "NIST SP 800-63B 2.2.3" },
  historyDays: { name: "操作履歴を照会できる日数", source: "当金融機関の定め" },
  usersPerContract: { name: "1契約に登録できる利用者の数", source: "当金融機関の定め" },
  usersPerImport: { name: "CSV一括登録で一度に登録できる利用者の数", source: "当金融機関の定め" },
};

export const unitWords: Record<Unit, string> = {
  s: "秒", digits: "桁", "time steps": "区間", "one-time passwords": "回", passwords: "回", min: "分", "changes in 24 h": "回", h: "時間", "wrong set-ups": "回",
  mails: "回", "issuances in 24 h": "回", days: "日", "days before the end": "日前から", users: "名", "users in a file": "名", passkeys: "個",
};

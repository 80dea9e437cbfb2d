import type { MailContent, UserChange } from "./intents";

type Occasion = { when: string; to: string };

const ownersAndMasters = "the user, the company's masters";
const counted = (noun: string) => `the last allowed wrong ${noun} in a row`;

/** When each mail is written, and to whom. Printed into `docs/messages.md`; what is true of it is in the verbs and their tests. */
export const occasions: Record<Exclude<MailContent["kind"], "user_changed">, Occasion> = {
  issuance_link: { when: "トークン発行, and each resend", to: "the address given for the phone" },
  token_confirmed: { when: "the confirmation of a token, new or renewed", to: ownersAndMasters },
  suspended: { when: counted("one-time password"), to: "the user, the other masters and administrators" },
  suspension_lifted: { when: "停止解除 by a manager, 利用解除 by the counter", to: ownersAndMasters },
  token_revoked: { when: "失効 by a manager or the counter", to: ownersAndMasters },
  confirmation_password_suspended: { when: counted("confirmation password"), to: "the user, the other masters and administrators" },
  one_time_password_replayed: { when: "a one-time password that was accepted before, once for each", to: "the user" },
  accepted_after_wrong_ones: { when: "a right one-time password or 承認番号 after so many wrong ones in a row that the screen said how many were left", to: ownersAndMasters },
  new_environment: { when: "a login from a browser that has not logged in as this user before", to: "the user" },
  login_temporarily_stopped: { when: counted("login password"), to: "the user" },
  login_password_changed: { when: "the user has changed their login password", to: "the user" },
  token_expires_soon: { when: "a token can be renewed from now on; once a token", to: "the user" },
  service_applied: { when: "申込 of the OTP service, with a new contract or by a case", to: "the company's masters" },
  service_ended: { when: "解約 of the OTP service", to: "the company's masters" },
  authentication_changed: { when: "認証方法の変更 by a case", to: "the company's masters" },
  passkey_registered: { when: "a passkey was registered", to: "the user, the other masters and administrators" },
  passkey_removed: { when: "passkeys were removed, by their user, or all of them by 失効", to: "the user, the masters; by the user themselves also the administrators" },
  audit_head: { when: "once a month, from 9:00 of the first business day", to: "the company's masters" },
};

/** Those of 「user_changed」, whose words go by what became different. */
export const changeOccasions: Record<UserChange, Occasion> = {
  registered: { when: "利用者登録 by form or CSV", to: ownersAndMasters },
  registered_by_counter: { when: "契約登録, for its first master", to: "the master" },
  changed: { when: "a user's data were changed", to: ownersAndMasters },
  user_class: { when: "a user's class was changed", to: ownersAndMasters },
  mail_address: { when: "a mail address was changed, by a manager or the user", to: `${ownersAndMasters}, the old address` },
  stopped: { when: "停止 by a manager", to: ownersAndMasters },
  stopped_by_counter: { when: "緊急停止 by the counter", to: ownersAndMasters },
  stop_released: { when: "the release of a stop, by a manager or the counter", to: ownersAndMasters },
  deleted: { when: "the user was deleted", to: ownersAndMasters },
  permission_opened: { when: "発行許可 by a manager or the counter", to: ownersAndMasters },
  login_password_issued: { when: "a temporary login password, by a manager or the counter", to: ownersAndMasters },
  login_password_suspended: { when: "利用停止 of the login password by a manager", to: ownersAndMasters },
  login_password_lifted: { when: "its end, by a manager or the counter", to: ownersAndMasters },
  confirmation_password_issued: { when: "a temporary confirmation password, by a manager or the counter", to: ownersAndMasters },
  confirmation_password_lifted: { when: "the end of the confirmation password's 利用停止, by a manager or the counter", to: ownersAndMasters },
  confirmation_password_changed: { when: "the user has changed their confirmation password", to: ownersAndMasters },
};

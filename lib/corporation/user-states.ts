import { isConfirmationSuspended } from "@/lib/login/confirm-password";
import type { Standing } from "@/lib/login/standing";
import { afterPassword, serviceApplies } from "@/lib/login/states";
import { later, minutes } from "@/lib/platform/clock";
import { dateOnly, startOfDay } from "@/lib/platform/japan-time";
import { policy } from "@/lib/policy";
import { permits } from "@/lib/token/permission";
import { tokenStateNames } from "@/lib/token/state-names";
import { reissuableAt, tokenState } from "@/lib/token/states";

/** One question of spec section 1 about a user: the answer in words, since when, why, and who can release it. Moments are ISO 8601. */
export type UserState = {
  question: string;
  state: string;
  kind: "good" | "stopped" | "waiting" | "none";
  since?: string;
  until?: string;
  cause?: string;
  release?: string;
};

/** Who of the company did what was done, by name; undefined for the counter. */
type Doers = { nameOf: (userId: string | null) => string | undefined; revokedBy: string | null };

const iso = (at: Date | null | undefined) => at?.toISOString();
const counter = "お取引店舗の窓口";

/** Why can this person not log in? Every state of a user, in the order in which login asks. */
export function statesOfUser(standing: Standing, now: Date, able: { id: string; name: string }[], doers: Doers): UserState[] {
  const others = able.filter(({ id }) => id !== standing.user.id).map(({ name }) => name);
  const shown = others.slice(0, 3).join("、") + (others.length > 3 ? ` ほか${others.length - 3}名` : "");
  const manager = others.length > 0 ? `ご本人以外のマスターユーザまたは管理者ユーザ（${shown}）` : counter;
  const by = (userId: string | null) => (userId ? `${doers.nameOf(userId) ?? "マスターユーザまたは管理者ユーザ"} による操作` : `${counter}での手続き`);
  return [
    userState(standing, manager, by), loginPassword(standing, now, manager, by), oneTimePassword(standing, manager),
    service(standing, now), token(standing, now, doers), passkey(standing), permission(standing, now, manager, by), confirmationPassword(standing, manager),
  ];
}

type By = (userId: string | null) => string;

function userState({ stop }: Standing, manager: string, by: By): UserState {
  const question = "利用者状態";
  if (!stop) return { question, state: "有効", kind: "good" };
  return { question, state: "停止中", kind: "stopped", since: iso(stop.at), cause: by(stop.by), release: stop.cause === "manager" ? manager : counter };
}

function loginPassword({ user, passwordSuspendedAt, passwordSuspendedBy }: Standing, now: Date, manager: string, by: By): UserState {
  const question = "ログインパスワード状態";
  if (passwordSuspendedAt) return { question, state: "利用停止", kind: "stopped", since: iso(passwordSuspendedAt), cause: by(passwordSuspendedBy), release: manager };
  const until = user.loginStoppedUntil;
  if (until && until > now) {
    return {
      question, state: "利用一時停止", kind: "waiting", since: iso(later(until, -minutes(policy.temporaryStopMinutes))), until: iso(until),
      cause: `${policy.passwordFailuresBeforeStop}回続けて正しくない入力`, release: "時間が過ぎると自動的に解除されます",
    };
  }
  return { question, state: "利用可能", kind: "good", cause: user.loginPasswordTemporary ? "仮パスワード（次回のログインで変更）" : undefined };
}

function oneTimePassword({ suspendedAt }: Standing, manager: string): UserState {
  const question = "ワンタイムパスワード認証状態";
  if (!suspendedAt) return { question, state: "利用可能", kind: "good" };
  return { question, state: "利用停止", kind: "stopped", since: iso(suspendedAt), cause: `${policy.failuresBeforeSuspension}回続けて正しくない入力`, release: manager };
}

function service({ corporation: { serviceAppliesFrom } }: Standing, now: Date): UserState {
  const question = "ワンタイムパスワードサービス";
  if (serviceAppliesFrom === null) return { question, state: "未申込", kind: "none", cause: "ログインパスワードだけでログインします", release: `${counter}（お申し込み）` };
  const from = startOfDay(serviceAppliesFrom);
  return { question, state: "申込済", kind: "good", since: iso(from), cause: serviceApplies(serviceAppliesFrom, now) ? undefined : `${dateOnly(from)} から適用` };
}

function token(standing: Standing, now: Date, { nameOf, revokedBy }: Doers): UserState {
  const { inUse, issuance, revokedAt } = standing;
  const state = tokenState(standing, now);
  const question = "ワンタイムパスワード状態";
  const words = tokenStateNames[state];
  switch (state) {
    case "in_use": return { question, state: words, kind: "good", since: iso(inUse!.confirmedAt), until: iso(inUse!.expiresAt), cause: issuance ? "トークンの更新中" : undefined };
    case "issued": return {
      question, state: words, kind: "waiting", since: iso(issuance!.issuedAt), until: iso(issuance!.lapsesAt),
      cause: issuance!.setUpAt ? "認証確認の前" : "スマートフォンの初期設定の前", release: "ご本人（トークン発行の続き）",
    };
    case "expired": return { question, state: words, kind: "stopped", since: iso(inUse!.expiresAt), cause: "有効期限の経過", release: "ご本人（発行許可があるとき、トークン発行）" };
    case "revoked": return {
      question, state: words, kind: "waiting", since: iso(revokedAt), until: iso(reissuableAt(revokedAt!)),
      cause: revokedBy ? `${nameOf(revokedBy) ?? "マスターユーザまたは管理者ユーザ"} による失効` : "失効", release: "時間が過ぎるとログインできます",
    };
    case "unregistered": return { question, state: words, kind: "none", release: "ご本人（発行許可があるとき、トークン発行）" };
  }
}

function passkey({ passkeySince }: Standing): UserState {
  const question = "パスキー";
  return passkeySince ? { question, state: "登録済", kind: "good", since: iso(passkeySince) } : { question, state: "未登録", kind: "none" };
}

const permissionCauses = { service_applied: "サービスの適用開始", manager: "", counter: `${counter}での手続き`, revocation: "失効の際の許可" } as const;

function permission({ permission: open }: Standing, now: Date, manager: string, by: By): UserState {
  const question = "発行許可";
  if (!permits(open, now)) return { question, state: "なし", kind: "none", release: manager };
  return { question, state: "あり", kind: "good", since: iso(open!.opensAt), until: iso(open!.closesAt), cause: open!.cause === "manager" ? by(open!.openedBy) : permissionCauses[open!.cause] };
}

function confirmationPassword(standing: Standing, manager: string): UserState {
  const question = "確認用パスワード状態";
  const { user } = standing;
  if (isConfirmationSuspended(standing)) {
    return {
      question, state: "利用停止", kind: "stopped", since: iso(user.confirmationSuspendedAt),
      cause: `${policy.confirmationFailuresBeforeSuspension}回続けて正しくない入力`, release: manager,
    };
  }
  return { question, state: "利用可能", kind: "good", cause: user.confirmationPasswordTemporary ? "仮パスワード（次回のログインで変更）" : undefined };
}

/** The same in one sentence: what happens at this user's next login. */
export function verdictOn(standing: Standing, now: Date): { mayLogIn: boolean; words: string; until?: string } {
  const next = afterPassword(standing, now);
  if ("refused" in next) {
    switch (next.refused) {
      case "user_stopped": return { mayLogIn: false, words: "利用者が停止中のため、ログインできません。" };
      case "login_password_suspended": return { mayLogIn: false, words: "ログインパスワードが利用停止のため、ログインできません。" };
      case "suspended": return { mayLogIn: false, words: "ワンタイムパスワードが利用停止のため、ログインできません。" };
      case "waiting_after_revocation": return { mayLogIn: false, words: "トークンが失効中のため、まだログインできません。", until: next.until.toISOString() };
    }
  }
  const stoppedUntil = standing.user.loginStoppedUntil;
  if (stoppedUntil && stoppedUntil > now)
    return { mayLogIn: false, words: "ログインパスワードが利用一時停止のため、これまで利用したことのあるブラウザ以外からはログインできません。", until: stoppedUntil.toISOString() };
  switch (next.step) {
    case "session": return { mayLogIn: true, words: "ログインIDとログインパスワードでログインできます。" };
    case "one_time_password": return { mayLogIn: true, words: standing.passkeySince ? "ログインパスワードと、ワンタイムパスワードまたはパスキーでログインできます。" : "ログインパスワードとワンタイムパスワードでログインできます。" };
    case "passkey": return { mayLogIn: true, words: "ログインパスワードとパスキーでログインできます。" };
    case "confirmation": return { mayLogIn: true, words: "トークン発行の途中です。ログインパスワードを入力すると、続きの画面に進みます。" };
    case "issuance": return permits(standing.permission, now)
      ? { mayLogIn: true, words: "ログインパスワードを入力すると、トークン発行の画面に進みます。" }
      : { mayLogIn: false, words: "トークンがなく、発行許可もないため、ログインできません。" };
  }
}

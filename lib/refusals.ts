import type { ProofAnswer } from "./platform/answer";
import { policy } from "./policy";

/** R16: how long the browser that acted may read what came of it. */
export const resultMinutes = 10;

/** What a QR code that a phone reads from any screen can hold, and a person read through before approving it. */
export const mostTargetsByCode = 10;

type Facts = { until?: string; attemptsLeft?: number };
type Text = string | ((facts: Facts) => string);
type Ask = "manager" | "counter" | "helpdesk" | "headquarters";
type Entry = { code: string; status: 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503; what: Text; next: Text; ask: Ask; go?: string };

const attemptsLeft = ({ attemptsLeft }: Facts) => (attemptsLeft ? `あと${attemptsLeft}回正しくない入力があると、利用停止になります。` : "");

/**
 * Every "no" the bank says: its code for the help desk, what happened, what to do now, whom to ask, and where the page leads.
 * 1xx login · 2xx token · 3xx set-up on the phone · 4xx management · 5xx the counter console · 9xx service.
 */
export const refusals = {
  wrong_id_or_password: {
    code: "OTP-101", status: 401, ask: "helpdesk",
    what: "ログインIDまたはログインパスワードが正しくありません。",
    next: () => `もう一度入力してください。ログインパスワードの入力が${policy.passwordFailuresBeforeStop}回続けて正しくない場合は、${policy.temporaryStopMinutes}分間ログインできません。`,
  },
  user_stopped: {
    code: "OTP-102", status: 403, ask: "manager", go: "/login",
    what: "この利用者は停止中のため、ログインできません。",
    next: "貴社のマスターユーザまたは管理者ユーザに、停止の解除をご依頼ください。",
  },
  user_stopped_by_counter: {
    code: "OTP-103", status: 403, ask: "counter", go: "/login",
    what: "この利用者は停止中のため、ログインできません。",
    next: "お取引店舗の窓口で、停止の解除のお手続きをお願いいたします。",
  },
  login_password_suspended: {
    code: "OTP-104", status: 403, ask: "manager", go: "/login",
    what: "ログインパスワードが利用停止のため、ログインできません。",
    next: "貴社のマスターユーザまたは管理者ユーザに、ログインパスワードの利用停止の解除をご依頼ください。",
  },
  login_password_suspended_counter: {
    code: "OTP-105", status: 403, ask: "counter", go: "/login",
    what: "ログインパスワードが利用停止のため、ログインできません。",
    next: "お取引店舗の窓口で、利用停止の解除のお手続きをお願いいたします。",
  },
  suspended: {
    code: "OTP-106", status: 403, ask: "manager", go: "/login",
    what: "ワンタイムパスワードが利用停止のため、ログインできません。",
    next: "貴社の、ご本人以外のマスターユーザまたは管理者ユーザに、停止解除をご依頼ください。",
  },
  suspended_counter: {
    code: "OTP-107", status: 403, ask: "counter", go: "/login",
    what: "ワンタイムパスワードが利用停止のため、ログインできません。",
    next: "停止解除ができるマスターユーザおよび管理者ユーザがいないため、お取引店舗の窓口で「利用解除」のお手続きをお願いいたします。",
  },
  half_login_expired: {
    code: "OTP-108", status: 401, ask: "helpdesk", go: "/login?ended=half_login",
    what: "ログインの手続きが途中で終了しました。",
    next: "はじめからログインしてください。",
  },
  wrong_one_time_password: {
    code: "OTP-109", status: 403, ask: "helpdesk",
    what: "ワンタイムパスワードが正しくありません。",
    next: (facts) => `スマートフォンに新しいワンタイムパスワードが表示されてから、もう一度入力してください。${attemptsLeft(facts)}`,
  },
  no_token_in_use: {
    code: "OTP-110", status: 409, ask: "helpdesk", go: "/login?ended=half_login",
    what: "トークンの状態が変わったため、ワンタイムパスワードを確認できません。",
    next: "はじめからログインしてください。",
  },
  not_logged_in: {
    code: "OTP-111", status: 401, ask: "helpdesk", go: "/login",
    what: "ログインしていません。",
    next: "ログインしてください。",
  },
  session_replaced: {
    code: "OTP-112", status: 401, ask: "helpdesk", go: "/login?ended=replaced",
    what: "別の環境でログインされたため、ログアウトしました。",
    next: "お心当たりのない場合は、すぐにヘルプデスクまでご連絡ください。",
  },
  session_timed_out: {
    code: "OTP-113", status: 401, ask: "helpdesk", go: "/login?ended=idle",
    what: "一定時間操作がなかったため、ログアウトしました。",
    next: "もう一度ログインしてください。",
  },
  session_expired: {
    code: "OTP-114", status: 401, ask: "helpdesk", go: "/login?ended=absolute",
    what: "ログインから一定時間が過ぎたため、ログアウトしました。",
    next: "もう一度ログインしてください。",
  },
  session_suspended: {
    code: "OTP-115", status: 401, ask: "manager", go: "/login?ended=suspended",
    what: "ワンタイムパスワードが利用停止になったため、ログアウトしました。",
    next: "貴社の、ご本人以外のマスターユーザまたは管理者ユーザに、停止解除をご依頼ください。解除できる方がいない場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。",
  },
  session_ended: {
    code: "OTP-116", status: 401, ask: "helpdesk", go: "/login?ended=changed",
    what: "利用者またはご契約の状態が変わったため、ログアウトしました。",
    next: "もう一度ログインしてください。お心当たりのない場合は、すぐにヘルプデスクまでご連絡ください。",
  },
  not_permitted: {
    code: "OTP-117", status: 403, ask: "manager", go: "/",
    what: "この操作をする権限がありません。",
    next: "貴社のマスターユーザまたは管理者ユーザにご確認ください。",
  },
  password_change_needed: {
    code: "OTP-118", status: 403, ask: "helpdesk", go: "/password/change",
    what: "仮パスワードのままでは利用できません。",
    next: "はじめに仮パスワードを変更してください。",
  },
  wrong_current_password: {
    code: "OTP-119", status: 403, ask: "helpdesk",
    what: "現在のパスワードが正しくありません。",
    next: "もう一度入力してください。",
  },
  too_many_password_changes: {
    code: "OTP-120", status: 429, ask: "helpdesk",
    what: "パスワードの変更の回数が、1日の上限に達しました。",
    next: ({ until }) => `${until} 以降にもう一度お手続きください。`,
  },
  passkey_not_accepted: {
    code: "OTP-121", status: 403, ask: "helpdesk",
    what: "パスキーで認証できませんでした。",
    next: "もう一度お試しください。繰り返し認証できない場合は、別の方法で認証するか、ヘルプデスクまでご連絡ください。",
  },
  no_passkey: {
    code: "OTP-122", status: 409, ask: "helpdesk", go: "/login?ended=half_login",
    what: "登録されているパスキーがないため、パスキーで認証できません。",
    next: "はじめからログインしてください。",
  },
  passkey_not_registered: {
    code: "OTP-123", status: 403, ask: "helpdesk",
    what: "パスキーを登録できませんでした。",
    next: "確認用パスワードを入力して、もう一度お試しください。",
  },
  too_many_passkeys: {
    code: "OTP-124", status: 409, ask: "helpdesk",
    what: () => `登録できるパスキーは${policy.passkeysPerUser}個までです。`,
    next: "使わなくなったパスキーを削除してから、もう一度登録してください。",
  },
  unknown_passkey: {
    code: "OTP-125", status: 404, ask: "helpdesk",
    what: "対象のパスキーが見つかりません。",
    next: "画面を読み込み直して、登録されているパスキーをご確認ください。",
  },
  passkeys_need_service: {
    code: "OTP-126", status: 403, ask: "counter",
    what: "ワンタイムパスワードサービスの適用前のため、パスキーは登録できません。",
    next: "サービスの適用開始日以降に、ワンタイムパスワードでログインしてから登録してください。",
  },
  passkey_required: {
    code: "OTP-127", status: 403, ask: "helpdesk", go: "/login/passkey",
    what: "ご契約の設定により、ワンタイムパスワードではログインできません。",
    next: "登録されたパスキーで認証してください。",
  },
  passkey_registration_needed: {
    code: "OTP-128", status: 403, ask: "helpdesk", go: "/settings/passkeys/required",
    what: "ご契約の設定により、パスキーの登録が必要です。",
    next: "はじめにパスキーを登録してください。",
  },
  passkey_login_refused: {
    code: "OTP-129", status: 401, ask: "helpdesk",
    what: "パスキーでログインできませんでした。",
    next: "もう一度お試しいただくか、ログインIDとログインパスワードでログインしてください。",
  },
  passkey_alone_not_offered: {
    code: "OTP-130", status: 403, ask: "counter",
    what: "ご契約の設定により、パスキーだけではログインできません。",
    next: "ログインIDとログインパスワードでログインしてください。",
  },
  no_issuance_permission: {
    code: "OTP-201", status: 403, ask: "manager",
    what: "トークンの発行許可がないため、トークンを発行できません。",
    next: "貴社の、ご本人以外のマスターユーザまたは管理者ユーザに、発行許可をご依頼ください。",
  },
  no_issuance_permission_counter: {
    code: "OTP-202", status: 403, ask: "counter",
    what: "トークンの発行許可がないため、トークンを発行できません。",
    next: "お取引店舗の窓口で、発行許可のお手続きをお願いいたします。",
  },
  waiting_after_revocation: {
    code: "OTP-203", status: 403, ask: "helpdesk",
    what: () => `トークンの失効から${policy.waitAfterRevocationMinutes}分間はログインできません。`,
    next: ({ until }) => `${until} 以降にもう一度ログインしてください。`,
  },
  not_issuable: {
    code: "OTP-204", status: 409, ask: "helpdesk", go: "/login",
    what: "現在のトークンの状態では、トークンを発行できません。",
    next: "はじめからログインしてください。",
  },
  not_renewable_yet: {
    code: "OTP-205", status: 409, ask: "helpdesk", go: "/",
    what: "トークンの更新期間ではありません。",
    next: () => `有効期限の${policy.renewalDays}日前から更新できます。`,
  },
  too_many_issuances: {
    code: "OTP-206", status: 429, ask: "helpdesk",
    what: "トークン発行の回数が、1日の上限に達しました。",
    next: ({ until }) => `${until} 以降にもう一度お手続きください。`,
  },
  issuance_ended: {
    code: "OTP-207", status: 409, ask: "helpdesk", go: "/token/issuance",
    what: "このトークン発行は終了しています。",
    next: "もう一度「トークン発行」からお手続きください。",
  },
  issuance_failed_set_up: {
    code: "OTP-208", status: 409, ask: "helpdesk", go: "/token/issuance",
    what: () => `初期設定の入力が${policy.setUpTries}回正しくなかったため、このトークン発行は終了しました。`,
    next: "もう一度「トークン発行」からお手続きください。お心当たりのない場合は、ヘルプデスクまでご連絡ください。",
  },
  phone_not_set_up: {
    code: "OTP-209", status: 409, ask: "helpdesk",
    what: "スマートフォンの初期設定が終わっていません。",
    next: "届いたメールのURLをスマートフォンで開き、初期設定をしてから、表示されたワンタイムパスワードを入力してください。",
  },
  resend_too_soon: {
    code: "OTP-210", status: 429, ask: "helpdesk",
    what: "メールは送信したばかりです。",
    next: ({ until }) => `${until} 以降にもう一度お試しください。`,
  },
  no_resends_left: {
    code: "OTP-211", status: 429, ask: "helpdesk",
    what: "メールを再送できる回数の上限に達しました。",
    next: "「メールアドレスを変更する」から、もう一度トークンを発行してください。",
  },
  already_set_up: {
    code: "OTP-212", status: 409, ask: "helpdesk",
    what: "スマートフォンの初期設定は終わっています。",
    next: "スマートフォンに表示されたワンタイムパスワードを入力してください。",
  },
  set_up_failed: {
    code: "OTP-301", status: 403, ask: "helpdesk",
    what: "入力内容が正しくないか、このURLは使えなくなっています。",
    next: () => `サービスID、ユーザID、利用開始パスワードと、最新のメールのURLをご確認ください。${policy.setUpTries}回正しくない場合は、パソコンでもう一度トークンを発行してください。`,
  },
  wrong_confirmation_password: {
    code: "OTP-401", status: 403, ask: "helpdesk",
    what: "確認用パスワードが正しくありません。",
    next: (facts) => `もう一度入力してください。${attemptsLeft(facts)}`,
  },
  confirmation_password_suspended: {
    code: "OTP-402", status: 403, ask: "manager",
    what: "確認用パスワードが利用停止のため、この操作はできません。",
    next: "貴社の、ご本人以外のマスターユーザまたは管理者ユーザに、確認用パスワードの利用停止の解除をご依頼ください。",
  },
  confirmation_password_suspended_counter: {
    code: "OTP-403", status: 403, ask: "counter",
    what: "確認用パスワードが利用停止のため、この操作はできません。",
    next: "お取引店舗の窓口で、確認用パスワードの利用停止の解除のお手続きをお願いいたします。",
  },
  unknown_user: {
    code: "OTP-404", status: 404, ask: "helpdesk",
    what: "対象の利用者が見つかりません。",
    next: "利用者一覧を表示し直して、ご確認ください。",
  },
  not_permitted_on_user: {
    code: "OTP-405", status: 403, ask: "manager",
    what: "この利用者に対する操作の権限がありません。",
    next: "利用者区分をご確認のうえ、操作できるマスターユーザまたは管理者ユーザにご依頼ください。",
  },
  not_on_oneself: {
    code: "OTP-406", status: 403, ask: "manager",
    what: "ご自身に対しては、この操作はできません。",
    next: "貴社のほかのマスターユーザまたは管理者ユーザにご依頼ください。",
  },
  not_suspended: {
    code: "OTP-407", status: 409, ask: "helpdesk",
    what: "利用停止ではないため、停止解除の必要はありません。",
    next: "利用者一覧を表示し直して、現在の状態をご確認ください。",
  },
  not_revocable: {
    code: "OTP-408", status: 409, ask: "helpdesk",
    what: "失効の対象となるトークンがありません。",
    next: "利用者一覧を表示し直して、現在の状態をご確認ください。",
  },
  state_changed: {
    code: "OTP-409", status: 409, ask: "helpdesk",
    what: "利用者の状態が変わったため、この操作は行いませんでした。",
    next: "画面を読み込み直して、現在の状態をご確認ください。",
  },
  released_by_counter: {
    code: "OTP-410", status: 403, ask: "counter",
    what: "この停止は、お取引店舗の窓口で行われたものです。",
    next: "停止の解除は、お取引店舗の窓口でお手続きください。",
  },
  permission_not_needed: {
    code: "OTP-411", status: 409, ask: "helpdesk",
    what: "トークンがサービス利用中のため、発行許可は必要ありません。",
    next: "スマートフォンを交換するときは、「失効」を行ってください。",
  },
  result_gone: {
    code: "OTP-412", status: 404, ask: "helpdesk", go: "/management/one-time-password",
    what: () => `操作の結果は、操作から${resultMinutes}分間だけ表示できます。`,
    next: "現在の状態は利用者一覧で、操作の記録は操作履歴照会でご確認いただけます。",
  },
  too_many_users: {
    code: "OTP-413", status: 409, ask: "helpdesk",
    what: () => `1契約で登録できる利用者は${policy.usersPerContract.toLocaleString("ja-JP")}名までです。`,
    next: "不要な利用者を削除してから、もう一度登録してください。",
  },
  proof_needed: {
    code: "OTP-414", status: 403, ask: "helpdesk",
    what: "この操作の前に、もう一度本人確認が必要です。",
    next: "パスキーまたはワンタイムパスワードで、ご本人であることを確認してください。",
  },
  approval_not_accepted: {
    code: "OTP-415", status: 403, ask: "helpdesk",
    what: "本人確認ができなかったため、この操作は行いませんでした。",
    next: "内容をご確認のうえ、もう一度認証してください。",
  },
  wrong_approval_code: {
    code: "OTP-416", status: 403, ask: "helpdesk",
    what: "承認番号が正しくありません。",
    next: (facts) => `スマートフォンに表示された承認番号を、もう一度入力してください。${attemptsLeft(facts)}`,
  },
  too_much_for_a_code: {
    code: "OTP-417", status: 409, ask: "helpdesk",
    what: () => `承認番号で一度に承認できる対象は、${mostTargetsByCode}件までです。`,
    next: "対象を分けて、もう一度お手続きください。",
  },
  nothing_to_prove_with: {
    code: "OTP-418", status: 403, ask: "manager",
    what: "承認に使えるパスキーまたはトークンがないため、この操作はできません。",
    next: "トークンの発行またはパスキーの登録をしてから、もう一度お手続きください。",
  },
  not_here: {
    code: "OTP-501", status: 404, ask: "helpdesk", go: "/",
    what: "お探しのページが見つかりません。",
    next: "アドレスをご確認ください。",
  },
  wrong_staff_id_or_password: {
    code: "OTP-502", status: 401, ask: "headquarters",
    what: "職員IDまたはパスワードが正しくありません。",
    next: () => `もう一度入力してください。パスワードの入力が${policy.passwordFailuresBeforeStop}回続けて正しくない場合は、${policy.temporaryStopMinutes}分間ログインできません。`,
  },
  staff_half_login_expired: {
    code: "OTP-503", status: 401, ask: "headquarters", go: "/staff/login?ended=half_login",
    what: "ログインの手続きが途中で終了しました。",
    next: "もう一度ログインしてください。",
  },
  wrong_staff_one_time_password: {
    code: "OTP-504", status: 401, ask: "headquarters",
    what: "ワンタイムパスワードが正しくありません。",
    next: (facts) => `いま表示されているワンタイムパスワードを入力してください。${attemptsLeft(facts)}`,
  },
  staff_suspended: {
    code: "OTP-505", status: 403, ask: "headquarters", go: "/staff/login",
    what: "ワンタイムパスワードが利用停止のため、ログインできません。",
    next: "本部のシステム担当に、利用停止の解除をご依頼ください。",
  },
  staff_not_logged_in: {
    code: "OTP-506", status: 401, ask: "headquarters", go: "/staff/login",
    what: "ログインしていません。",
    next: "職員IDとパスワードでログインしてください。",
  },
  staff_session_replaced: {
    code: "OTP-507", status: 401, ask: "headquarters", go: "/staff/login?ended=replaced",
    what: "別の環境でログインされたため、ログアウトしました。",
    next: "もう一度ログインしてください。",
  },
  staff_session_timed_out: {
    code: "OTP-508", status: 401, ask: "headquarters", go: "/staff/login?ended=idle",
    what: "一定時間操作がなかったため、ログアウトしました。",
    next: "もう一度ログインしてください。",
  },
  staff_session_expired: {
    code: "OTP-509", status: 401, ask: "headquarters", go: "/staff/login?ended=absolute",
    what: "ログインから一定時間が過ぎたため、ログアウトしました。",
    next: "もう一度ログインしてください。",
  },
  staff_session_changed: {
    code: "OTP-510", status: 401, ask: "headquarters", go: "/staff/login?ended=changed",
    what: "職員の登録内容が変わったため、ログアウトしました。",
    next: "もう一度ログインしてください。",
  },
  staff_password_change_needed: {
    code: "OTP-511", status: 403, ask: "headquarters", go: "/staff/password/change",
    what: "仮パスワードのままでは利用できません。",
    next: "はじめに仮パスワードを変更してください。",
  },
  staff_not_permitted: {
    code: "OTP-512", status: 403, ask: "headquarters",
    what: "この操作をする権限がありません。",
    next: "担当者、役席者などの職務をご確認ください。",
  },
  unknown_contract: {
    code: "OTP-513", status: 404, ask: "headquarters",
    what: "契約が見つかりません。",
    next: "契約番号をご確認ください。",
  },
  unknown_case: {
    code: "OTP-514", status: 404, ask: "headquarters",
    what: "受付票が見つかりません。",
    next: "受付番号をご確認ください。",
  },
  case_decided: {
    code: "OTP-515", status: 409, ask: "headquarters",
    what: "この受付票は、すでに承認、差戻しまたは取下げが行われています。",
    next: "画面の表示で、現在の状態をご確認ください。",
  },
  own_case: {
    code: "OTP-516", status: 403, ask: "headquarters",
    what: "ご自身が受け付けた受付票は、承認も差戻しもできません。",
    next: "ほかの役席者にご依頼ください。",
  },
  case_changed: {
    code: "OTP-517", status: 409, ask: "headquarters",
    what: "表示の後に対象の状態が変わったため、承認しませんでした。",
    next: "現在の状態をご確認のうえ、よろしければもう一度「承認」を押してください。",
  },
  not_own_case: {
    code: "OTP-518", status: 403, ask: "headquarters",
    what: "ほかの職員が受け付けた受付票です。",
    next: "受け付けた職員にご確認ください。",
  },
  slips_gone: {
    code: "OTP-519", status: 409, ask: "headquarters",
    what: "交付票は、すでに表示されたか、表示できる期限を過ぎています。",
    next: "仮パスワードがお客様に渡っていないときは、新しい受付票で、もう一度お手続きください。",
  },
  service_applied_already: {
    code: "OTP-520", status: 409, ask: "headquarters",
    what: "この契約のワンタイムパスワードサービスは、申込済です。",
    next: "契約詳細で、現在の状態をご確認ください。",
  },
  service_not_applied: {
    code: "OTP-521", status: 409, ask: "headquarters",
    what: "この契約のワンタイムパスワードサービスは、未申込です。",
    next: "契約詳細で、現在の状態をご確認ください。",
  },
  contract_taken: {
    code: "OTP-522", status: 409, ask: "headquarters",
    what: "同じ契約番号またはログインIDが、すでに登録されています。",
    next: "差し戻して、契約番号とログインIDをご確認ください。",
  },
  service_date_passed: {
    code: "OTP-523", status: 409, ask: "headquarters",
    what: "適用日から日数が過ぎたため、発行許可の期間が残っていません。",
    next: "差し戻して、適用日を入力し直してください。",
  },
  staff_passkey_not_accepted: {
    code: "OTP-524", status: 403, ask: "headquarters",
    what: "パスキーで認証できませんでした。",
    next: "もう一度お試しください。繰り返し認証できない場合は、本部のシステム担当にご連絡ください。",
  },
  no_staff_passkey: {
    code: "OTP-525", status: 409, ask: "headquarters",
    what: "登録されているパスキーがないため、パスキーで認証できません。",
    next: "画面を読み込み直して、ワンタイムパスワードで認証してください。",
  },
  staff_passkey_needed: {
    code: "OTP-526", status: 403, ask: "headquarters",
    what: "パスキーが登録されているため、ワンタイムパスワードでは認証できません。",
    next: "パスキーで認証してください。パスキーのデバイスがない場合は、本部のシステム担当に、パスキーの削除をご依頼ください。",
  },
  staff_passkey_not_registered: {
    code: "OTP-527", status: 403, ask: "headquarters",
    what: "パスキーを登録できませんでした。",
    next: "現在のパスワードを入力して、もう一度お試しください。",
  },
  staff_passkey_missing: {
    code: "OTP-528", status: 403, ask: "headquarters", go: "/staff/passkeys",
    what: "パスキーが登録されていないため、ほかの操作ができません。",
    next: "はじめに「パスキー」の画面で、パスキーを登録してください。",
  },
  internal: {
    code: "OTP-900", status: 500, ask: "helpdesk",
    what: "ただいま手続きができません。",
    next: "しばらくしてから、もう一度お試しください。",
  },
  unavailable: {
    code: "OTP-901", status: 503, ask: "helpdesk",
    what: "ただいまサービスをご利用いただけません。",
    next: "しばらくしてから、もう一度お試しください。",
  },
  overloaded: {
    code: "OTP-902", status: 503, ask: "helpdesk",
    what: "ただいま混み合っています。",
    next: "しばらくしてから、もう一度お試しください。",
  },
  foreign_origin: {
    code: "OTP-903", status: 403, ask: "helpdesk", go: "/login",
    what: "この画面からの操作ではないため、受け付けませんでした。",
    next: "はじめからログインしてください。",
  },
  unreadable: {
    code: "OTP-904", status: 415, ask: "helpdesk",
    what: "送信された内容を読み取れませんでした。",
    next: "画面を読み込み直してから、もう一度入力してください。",
  },
  too_large: {
    code: "OTP-905", status: 413, ask: "helpdesk",
    what: "送信された内容が大きすぎるため、受け付けませんでした。",
    next: "入力した内容をご確認ください。",
  },
} as const satisfies Record<string, Entry>;

export type RefusalReason = keyof typeof refusals;

/** A "no" and what its words need: `until`, when it ends by itself; `attemptsLeft`, from two left (R8). With `proof` the same form may be sent again. */
export type Refusal<Reason extends RefusalReason = RefusalReason> = { reason: Reason; until?: Date; attemptsLeft?: number; now?: Date; proof?: ProofAnswer };

import type { RefusalAnswer } from "@/lib/platform/answer";
import { tokensPerPhone } from "./token";

const withoutCamera =
  "カメラを利用できないときは、パソコンの画面でパスキーを使うか、カメラのあるスマートフォンにトークンを設定し直してください。お急ぎのときは、貴社のほかのマスターユーザまたは管理者ユーザ、またはお取引店舗の窓口にご相談ください。";

/** What the phone refuses by itself, without asking the server: from 311 on, beside the server's 30x. */
export const phoneRefusals = {
  insecure: {
    code: "OTP-311", ask: "helpdesk",
    what: "このアドレスでは、ワンタイムパスワードアプリを利用できません。",
    next: "通信が保護されていないため、トークンを安全に保管できません。https:// で始まるアドレスで開いてください。",
  },
  no_storage: {
    code: "OTP-312", ask: "helpdesk",
    what: "このブラウザには、トークンを保存できません。",
    next: "プライベートブラウズ（シークレットモード）を終了し、端末の空き容量をご確認のうえ、もう一度開いてください。",
  },
  lost: {
    code: "OTP-313", ask: "manager",
    what: "この端末にあったトークンが見つかりません。",
    next: "ブラウザのデータが消去された可能性があります。貴社のマスターユーザまたは管理者ユーザに、パソコンで「トークンの失効」を依頼してください。失効から一定時間が過ぎ、発行許可があれば、もう一度トークンを発行できます。",
  },
  link_absent: {
    code: "OTP-314", ask: "helpdesk",
    what: "受付コードが見つかりません。",
    next: "「ワンタイムパスワードのご案内」メールのURLを、もう一度スマートフォンで開いてください。",
  },
  link_malformed: {
    code: "OTP-315", ask: "helpdesk",
    what: "開いたURLの受付コードが正しくありません。",
    next: "メールのURLが途中で切れている可能性があります。メールのURL全体を、もう一度スマートフォンで開いてください。",
  },
  full: {
    code: "OTP-316", ask: "helpdesk",
    what: `この端末には、トークンを${tokensPerPhone}個まで保存できます。`,
    next: "使わなくなったトークンをこの端末から削除してから、もう一度初期設定をしてください。",
  },
  not_agreed: {
    code: "OTP-317", ask: "helpdesk",
    what: "トークンを保存できませんでした。",
    next: "入力した内容のまま、もう一度「初期設定」を押してください。この端末であれば、同じ受付コードでやり直せます。",
  },
  expired: {
    code: "OTP-318", ask: "manager",
    what: "有効期限が切れたため、ワンタイムパスワードを表示できません。",
    next: "パソコンでログインし、もう一度トークンを発行してください。発行の画面が開かないときは、貴社のマスターユーザまたは管理者ユーザに発行許可を依頼してください。",
  },
  not_loaded: {
    code: "OTP-319", ask: "helpdesk",
    what: "読み取りの画面を開けませんでした。",
    next: "通信の状態をご確認のうえ、アプリを開き直して、もう一度「承認する操作を読み取る」を押してください。",
  },
  not_an_approval: {
    code: "OTP-320", ask: "helpdesk",
    what: "承認する操作のQRコードではありません。",
    next: "パソコンの承認の画面に表示されたQRコードを映してください。",
  },
  token_elsewhere: {
    code: "OTP-321", ask: "helpdesk",
    what: "この端末にないトークンで承認する操作です。",
    next: "パソコンにログインした利用者のトークンを設定したスマートフォンで読み取ってください。",
  },
  expired_for_approval: {
    code: "OTP-322", ask: "manager",
    what: "トークンの有効期限が切れたため、承認番号を表示できません。",
    next: "パソコンでログインし、もう一度トークンを発行してください。発行の画面が開かないときは、貴社のマスターユーザまたは管理者ユーザに発行許可を依頼してください。",
  },
  camera_not_allowed: {
    code: "OTP-323", ask: "manager",
    what: "カメラの使用が許可されていません。端末またはブラウザの設定で、カメラの使用を許可してください。",
    next: withoutCamera,
  },
  camera_absent: {
    code: "OTP-324", ask: "manager",
    what: "この端末では、カメラを利用できません。",
    next: withoutCamera,
  },
  camera_busy: {
    code: "OTP-325", ask: "manager",
    what: "カメラを起動できませんでした。ほかのアプリがカメラを使用していないかご確認ください。",
    next: withoutCamera,
  },
} as const satisfies Record<string, RefusalAnswer>;

import type { RefusalAnswer } from "@/lib/platform/answer";
import { tokensPerPhone } from "./token";

/** What the phone refuses by itself, without asking the server: 31x beside the server's 3xx. */
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
    next: "ブラウザのデータが消去された可能性があります。貴社のマスターユーザまたは管理者ユーザに、パソコンで「トークンの失効」を依頼してください。失効の後に、もう一度トークンを発行できます。",
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
} as const satisfies Record<string, RefusalAnswer>;

"use client";

import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import type { Answer, RefusalAnswer } from "@/lib/platform/answer";
import { post } from "./answer";
import { useBrowserValue } from "./browser-values";

/** Said by the page itself: nothing was sent, so nothing was decided. */
export const passkeyRefusals = {
  no_passkeys_here: {
    code: "OTP-907", ask: "helpdesk",
    what: "お使いのブラウザでは、パスキーを利用できません。",
    next: "パスキーに対応したブラウザをご利用いただくか、別の方法で認証してください。",
  },
  passkey_not_finished: {
    code: "OTP-908", ask: "helpdesk",
    what: "パスキーの操作が完了しませんでした。",
    next: "操作が取り消されたか、時間が過ぎたか、本人確認ができませんでした。もう一度お試しください。",
  },
  passkey_already_here: {
    code: "OTP-909", ask: "helpdesk",
    what: "このデバイスのパスキーは、すでに登録されています。",
    next: "登録済みのパスキーをそのままご利用ください。ほかのデバイスを登録する場合は、そのデバイスで操作してください。",
  },
} as const satisfies Record<string, RefusalAnswer>;

/** The library comes with the first press of a button: most who see one use another way. */
const library = () => import("@simplewebauthn/browser");

const knowsPasskeys = () => typeof PublicKeyCredential === "function";
const supported = () => (knowsPasskeys() ? "" : null);
const unsupported = () => (knowsPasskeys() ? null : "");

/** Whether this browser knows passkeys; false until it is asked. */
export const usePasskeysHere = (): boolean => useBrowserValue(supported) !== null;

/** Whether it is known to have none; false until it is asked. What is drawn with the page has not to be drawn later. */
export const useNoPasskeysHere = (): boolean => useBrowserValue(unsupported) !== null;

/** Asks for a challenge, has an authenticator sign it, and presents what it says. `under` has the doors. */
export async function presentPasskey(under: "/login/passkey" | "/login/passkey-alone" | "/staff/login/passkey"): Promise<Answer> {
  const asked = await post<{ options: PublicKeyCredentialRequestOptionsJSON }>(`${under}/options`, new FormData());
  if (!asked.ok) return asked;
  return presenting(`${under}/present`, async () => (await library()).startAuthentication({ optionsJSON: asked.options }));
}

/** The same with a new passkey, behind a password. `form` has its name, too. */
export async function registerPasskey<Extras = object>(form: FormData, under: "/settings/passkeys" | "/staff/passkeys"): Promise<Answer<Extras>> {
  const asked = await post<{ options: PublicKeyCredentialCreationOptionsJSON }>(`${under}/options`, form);
  if (!asked.ok) return asked;
  return presenting<Extras>(`${under}/register`, async () => (await library()).startRegistration({ optionsJSON: asked.options }), form.get("passkeyName"));
}

/** Has an authenticator sign what an approval asks for: the assertion for the form, or why there is none. */
export async function signApproval(options: PublicKeyCredentialRequestOptionsJSON): Promise<string | RefusalAnswer> {
  try {
    return JSON.stringify(await (await library()).startAuthentication({ optionsJSON: options }));
  } catch {
    return passkeyRefusals.passkey_not_finished;
  }
}

async function presenting<Extras = object>(action: string, ask: () => Promise<object>, passkeyName: FormDataEntryValue | null = null): Promise<Answer<Extras>> {
  const form = new FormData();
  try {
    form.set("credential", JSON.stringify(await ask()));
  } catch (error) {
    const already = (error as { code?: unknown }).code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
    return { ok: false, refusal: already ? passkeyRefusals.passkey_already_here : passkeyRefusals.passkey_not_finished };
  }
  if (passkeyName !== null) form.set("passkeyName", passkeyName);
  return post<Extras>(action, form);
}

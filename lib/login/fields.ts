import { z } from "zod";
import { parseMailAddress } from "@/lib/mail/address";
import { normalizeOneTimePassword } from "@/lib/otp/verifier";
import { policy } from "@/lib/policy";

/** Form fields that several screens ask for, with the words for what is wrong. */
export const passwordField = (label: string) =>
  z.string({ error: `${label}を入力してください。` }).min(1, `${label}を入力してください。`).max(200, `${label}は200文字以内で入力してください。`);

/** What somebody or something is called: one line in reading order. What could forge the text around it, or was lost on the way (U+FFFD), is refused, not removed. */
export const oneLineField = (label: string, most: number) =>
  z.string({ error: `${label}を入力してください。` }).transform((text) => text.normalize("NFC").trim()).pipe(
    z.string().min(1, `${label}を入力してください。`).refine((line) => [...line].length <= most, `${label}は${most}文字以内で入力してください。`)
      .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]+$/u, `${label}に使えない文字が含まれています。`));

/** Exactly one address, normalised. */
export const mailAddressField = (label = "メールアドレス") =>
  z.string({ error: `${label}を入力してください。` }).min(1, `${label}を入力してください。`).transform((text, context) => {
    const address = parseMailAddress(text);
    if (!address) context.addIssue({ code: "custom", message: `${label}を正しく入力してください（例：name@example.jp）。` });
    return address ?? "";
  });

/** Normalised digits; anything else is an error of the field and never counts (R7). */
export const oneTimePasswordField = (label = "ワンタイムパスワード") =>
  z.string({ error: `${label}を入力してください。` }).min(1, `${label}を入力してください。`).transform((text, context) => {
    const plain = normalizeOneTimePassword(text);
    if (plain === undefined) context.addIssue({ code: "custom", message: `${label}は${policy.digits}桁の数字で入力してください。` });
    return plain ?? "";
  });

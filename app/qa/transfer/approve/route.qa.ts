import { z } from "zod";
import { approve, proofFields, proofIn } from "@/lib/approval/prove";
import { isLine, type Statement } from "@/lib/approval/statement";
import { actAsUser, requireUser } from "@/lib/login/guards";
import { post } from "@/lib/platform/http";

/* As a bank's own transfer would ask: its form, its words, and one call before what it does. */

const fields = z.object({
  payee: z.string().default("").transform((text) => text.normalize("NFC").trim()).pipe(z.string().min(1, "受取人を入力してください。")
    .refine((text) => isLine(text, 48), "受取人は48文字以内で入力してください。続けて2つ以上の空白や、表示されない文字は使えません。")),
  amount: z.string().default("").transform((text) => text.normalize("NFKC").replace(/[\s,]/g, ""))
    .pipe(z.string().regex(/^[1-9][0-9]{0,9}$/, "金額は、1〜9,999,999,999円の数字で入力してください。")).transform(Number),
  ...proofFields,
});

/** Made of what arrives with each post: another payee at the second is another statement, and no proof of the first is one of it. */
const statementOf = ({ payee, amount }: { payee: string; amount: number }): Statement =>
  ({ title: "振込の承認", facts: [["受取人", payee], ["金額", `${amount.toLocaleString("ja-JP")}円`]] });

export const POST = post({ fields, back: "/qa/transfer", guard: requireUser }, async ({ caller, session, input }) => {
  const statement = statementOf(input);
  const result = await actAsUser(caller, session, (work, standing) =>
    approve(work, standing, statement, proofIn(input), { act: "example_transfer", bound: true }));
  return result.ok ? { go: "/qa/transfer", extras: { approved: statement.facts } } : { refusal: result.refusal };
});

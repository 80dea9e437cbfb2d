import { z } from "zod";
import { browserOf } from "@/lib/login/browser";
import { passwordField } from "@/lib/login/fields";
import { setCookie } from "@/lib/platform/cookies";
import { atTheBenchInTurn } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { staffPost } from "@/lib/staff/http";
import { presentStaffPassword } from "@/lib/staff/login";
import { standingOfStaffId } from "@/lib/staff/standing";

const fields = z.object({
  staffId: z.string({ error: "職員IDを入力してください。" }).max(200, "職員IDは200文字以内で入力してください。")
    .transform((text) => text.normalize("NFKC").trim()).pipe(z.string().min(1, "職員IDを入力してください。")),
  password: passwordField("パスワード"),
});

export const POST = staffPost({ fields, back: "/staff/login" }, async ({ request, caller, input: { staffId, password } }) => {
  const browserHash = browserOf(request)?.hash;
  const result = await atTheBenchInTurn(`staff ${staffId.toLowerCase()} ${browserHash ?? ""}`, () =>
    inOneTransaction(caller, standingOfStaffId(staffId, browserHash), (work, { standing }) => presentStaffPassword(work, standing, password)));
  if (!result.ok) return { refusal: result.refusal };
  const { secret, expiresAt, attemptsLeft } = result.value;
  return { go: "/staff/login/one-time-password", cookies: [setCookie("staffHalfLogin", secret, policy.halfLoginMinutes * 60)], extras: { expiresAt, attemptsLeft } };
});

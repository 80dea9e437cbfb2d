import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { browserOf } from "@/lib/login/browser";
import { passwordField } from "@/lib/login/fields";
import { atTheBench } from "@/lib/platform/password";
import { actAsStaff, byStaff, standingOfStaffSession } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { removeStaffPasskey } from "@/lib/staff/passkey";

const back = "/staff/passkeys";
const fields = z.object({ passkey: z.uuid({ error: "パスキーを選択してください。" }), currentPassword: passwordField("現在のパスワード"), ...proofFields });

export const POST = staffPost({ fields, back, guard: byStaff("keep_passkeys") }, async ({ request, caller, session, input }) => {
  const result = await atTheBench(() =>
    actAsStaff(request, caller, session, standingOfStaffSession(session, "keep_passkeys", browserOf(request)?.hash), (work, { standing }) =>
      removeStaffPasskey(work, standing, { passkeyId: input.passkey, password: input.currentPassword, proof: proofIn(input) })));
  return result.ok ? { go: back, extras: { done: "removed" } } : { refusal: result.refusal };
});

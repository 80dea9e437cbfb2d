import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { registerUsers } from "@/lib/corporation/register";
import { judgeFile, reportOf, takenOn } from "@/lib/corporation/user-file";
import { fileField } from "@/lib/corporation/user-fields";
import { passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { uploadBytes } from "@/lib/platform/body-limits.mjs";
import { post } from "@/lib/platform/http";

const here = "/management/users/import";
const fields = z.object({ file: fileField, confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: here, upload: uploadBytes, guard: requireManager }, async ({ caller, session, input }) => {
  const judged = await judgeFile(caller, session, input.file);
  if ("unusable" in judged) return { fields: { file: judged.unusable } };
  if ("refusal" in judged) return judged;
  const { users, report } = judged;
  if (report.wrong > 0) return { go: here, extras: { report } };

  const result = await registerUsers(caller, session, { added: users.map(({ user }) => user), by: "csv", confirmationPassword: input.confirmationPassword, proof: proofIn(input) });
  if (result.ok) return { go: here, extras: { registered: result.value.length } };
  return "taken" in result.refusal
    ? { go: here, extras: { report: reportOf(users.length, takenOn(users, result.refusal.taken)) } }
    : { refusal: result.refusal };
});

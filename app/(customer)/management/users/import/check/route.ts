import { z } from "zod";
import { judgeFile } from "@/lib/corporation/user-file";
import { fileField } from "@/lib/corporation/user-fields";
import { requireManager } from "@/lib/login/guards";
import { uploadBytes } from "@/lib/platform/body-limits.mjs";
import { post } from "@/lib/platform/http";

const here = "/management/users/import";

/** 内容を確認: says what 登録 would, and registers nobody. */
export const POST = post({ fields: z.object({ file: fileField }), back: here, upload: uploadBytes, guard: requireManager }, async ({ caller, session, input }) => {
  const judged = await judgeFile(caller, session, input.file);
  if ("unusable" in judged) return { fields: { file: judged.unusable } };
  return "refusal" in judged ? judged : { go: here, extras: { report: judged.report } };
});

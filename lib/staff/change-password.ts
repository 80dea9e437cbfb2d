import { eq } from "drizzle-orm";
import { staff } from "@/drizzle/schema";
import type { Browser } from "@/lib/login/browser";
import { problemOfPassword } from "@/lib/login/new-password";
import { hashPassword } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal, RefusalReason } from "@/lib/refusals";
import { isOwnStaffPassword } from "./login";
import { openStaffSession } from "./session";
import type { StaffStanding } from "./standing";

/** Changes one's own password, a temporary one's first of all. A wrong present password counts as at login; the session gets a new secret. */
export async function changeStaffPassword(
  work: Work, standing: StaffStanding, { currentPassword, newPassword }: { currentPassword: string; newPassword: string }, browser: Browser,
): Promise<Result<{ secret: string }, Refusal<"wrong_current_password"> | { fields: { newPassword: string } }>> {
  const { staff: row } = standing;
  const no = (reason: RefusalReason | "unfit") => work.record({ name: "staff.password_change_refused", reason });
  if (!(await isOwnStaffPassword(work, standing, currentPassword))) {
    no("wrong_current_password");
    return refuse({ reason: "wrong_current_password" });
  }
  const problem = newPassword === currentPassword
    ? "現在のパスワードと異なるものを入力してください。"
    : await problemOfPassword("新しいパスワード", newPassword, [row.staffId, row.name, row.branch]);
  if (problem) {
    no("unfit");
    return refuse({ fields: { newPassword: problem } });
  }
  await work.tx.update(staff).set({ passwordHash: await hashPassword(newPassword), passwordTemporary: false }).where(eq(staff.id, row.id));
  work.record({ name: "staff.password_changed" });
  return done(await openStaffSession(work, standing, browser, standing.openSession));
}

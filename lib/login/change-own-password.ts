import { z } from "zod";
import { proofFields, proofIn, type ProofInput, requireFreshProof } from "@/lib/approval/prove";
import type { Caller } from "@/lib/platform/caller";
import { NotAllowed, type Outcome } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import type { Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { type Browser, browserAt } from "./browser";
import { passwordField } from "./fields";
import { actAsUser, requirePasswordChanger } from "./guards";
import { landingOf } from "./logged-in";
import type { OpenedSession } from "./session";
import { sessionCookie } from "./session-cookie";
import type { Standing } from "./standing";

/** The form of both changes; `present` and `next` are the labels. */
export const passwordChangeFields = (present: string, next: string) =>
  z.object({ currentPassword: passwordField(present), newPassword: passwordField(next), newPasswordAgain: z.string().default(""), ...proofFields })
    .superRefine((form, context) => {
      if (form.newPassword !== form.newPasswordAgain)
        context.addIssue({ code: "custom", path: ["newPasswordAgain"], message: `${next}が、確認用と一致しません。` });
    });

const titles = { login: "ログインパスワードの変更の承認", confirmation: "確認用パスワードの変更の承認" } as const;

type Door = {
  password: "login" | "confirmation";
  input: ProofInput;
  isTemporary: (user: Standing["user"]) => boolean;
  change: (work: Work, standing: Standing, browser: Browser) => Promise<Result<OpenedSession, Refusal | { fields: Record<string, string> }>>;
  /** Where a full session goes on. */
  go: string;
};

/**
 * A change by whoever holds a full session, or one that waits for it; while a temporary password waits, of nothing but that: it follows a login, and needs no
 * other proof. The browser gets the session's new secret.
 */
export async function changeOwnPassword(request: Request, caller: Caller, { password, input, isTemporary, change, go }: Door): Promise<Outcome> {
  const session = await requirePasswordChanger(request);
  const { browser, knownHash, cookie } = browserAt(request);
  const result = await atTheBench(() =>
    actAsUser(caller, session, async (work, standing) => {
      if (session.level !== "full" && !isTemporary(standing.user)) throw new NotAllowed({ reason: "password_change_needed" });
      if (!isTemporary(standing.user)) {
        const approval = { act: `change_own_${password}_password`, bound: false, statement: { title: titles[password], facts: [] } };
        const proved = await requireFreshProof(work, standing, approval, proofIn(input));
        if (!proved.ok) return proved;
      }
      return change(work, standing, browser);
    }, knownHash));
  if (!result.ok) return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
  const { secret, level } = result.value;
  return {
    go: level === "full" && session.level === "full" ? go : landingOf(level),
    cookies: [await sessionCookie(secret), ...(cookie ? [cookie] : [])],
  };
}

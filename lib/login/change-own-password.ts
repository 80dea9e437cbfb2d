import { z } from "zod";
import type { Caller } from "@/lib/platform/caller";
import { NotAllowed, type Outcome } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import type { Result } from "@/lib/platform/result";
import { inOneTransaction, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { type Browser, browserOf, newBrowser } from "./browser";
import { passwordField } from "./fields";
import { actorOf, requirePasswordChanger, standingOfSession } from "./guards";
import { landingOf } from "./logged-in";
import type { OpenedSession } from "./session";
import { sessionCookie } from "./session-cookie";
import type { Standing } from "./standing";

/** The form of both changes; `present` and `next` are the labels. */
export const passwordChangeFields = (present: string, next: string) =>
  z.object({ currentPassword: passwordField(present), newPassword: passwordField(next), newPasswordAgain: z.string().default("") })
    .superRefine((form, context) => {
      if (form.newPassword !== form.newPasswordAgain)
        context.addIssue({ code: "custom", path: ["newPasswordAgain"], message: `${next}が、確認用と一致しません。` });
    });

type Door = {
  isTemporary: (user: Standing["user"]) => boolean;
  change: (work: Work, standing: Standing, browser: Browser) => Promise<Result<OpenedSession, Refusal | { fields: Record<string, string> }>>;
  /** Where a full session goes on. */
  go: string;
};

/** A change by whoever holds a full session, or one that waits for it; while a temporary password waits, of nothing but that. The browser gets the session's new secret. */
export async function changeOwnPassword(request: Request, caller: Caller, { isTemporary, change, go }: Door): Promise<Outcome> {
  const session = await requirePasswordChanger(request);
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await atTheBench(() =>
    inOneTransaction(caller, standingOfSession(session, known?.hash), (work, { standing }) => {
      work.corporationId = session.corporation.id;
      if (session.level !== "full" && !isTemporary(standing.user)) throw new NotAllowed({ reason: "password_change_needed" });
      return change(work, standing, known ?? fresh!.browser);
    }, actorOf(session)));
  if (!result.ok) return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
  const { secret, level } = result.value;
  return {
    go: level === "full" && session.level === "full" ? go : landingOf(level),
    cookies: [await sessionCookie(secret), ...(fresh ? [fresh.cookie] : [])],
  };
}

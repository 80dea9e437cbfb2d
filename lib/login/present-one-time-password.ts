import { and, eq } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { done, refuse, type Result } from "@/lib/platform/result";
import { ours, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { present } from "@/lib/token/present";
import type { Browser } from "./browser";
import { openSession, type OpenedSession } from "./session";
import type { Standing } from "./standing";
import { afterPassword, type LoginStepName, mayBeAt } from "./states";
import { sayingWhoCanRelease } from "./who-can-release";

export type OneTimePasswordRefusal = Refusal<
  | "half_login_expired" | "no_token_in_use" | "no_passkey" | "passkey_required" | "wrong_one_time_password" | "suspended" | "suspended_counter"
  | "user_stopped" | "user_stopped_by_counter" | "login_password_suspended" | "login_password_suspended_counter"
>;

/** What every door behind a half-login asks first: it is there, it has not run out, and nothing has closed the way since the password. */
export async function halfLoginHolds(
  work: Work, standing: Standing | undefined, step: Exclude<LoginStepName, "session">,
): Promise<Result<Standing, OneTimePasswordRefusal>> {
  work.corporationId = standing?.corporation.id;
  if (!standing?.halfLogin || standing.halfLogin.expiresAt <= work.now) return refuse({ reason: "half_login_expired" });
  work.actor = { kind: "user", id: standing.user.id, corporationId: standing.corporation.id };

  const next = afterPassword(standing, work.now);
  if ("refused" in next && next.refused !== "waiting_after_revocation") return refuse(await sayingWhoCanRelease(work, standing, next.refused));
  if (mayBeAt(step, next, standing)) return done(standing);
  if ("only" in next) return refuse({ reason: "passkey_required" });
  return refuse({ reason: step === "passkey" ? "no_passkey" : "no_token_in_use" });
}

/** Step 2 of login. A wrong one-time password is a refusal, not an error: its count must be kept. */
export async function presentOneTimePassword(
  work: Work, found: Standing | undefined, presented: string, browser: Browser,
): Promise<Result<OpenedSession, OneTimePasswordRefusal>> {
  const held = await halfLoginHolds(work, found, "one_time_password");
  if (!held.ok) {
    work.record({ name: "one_time_password.not_evaluated", userId: found?.user.id, screen: "login", reason: held.refusal.reason });
    return held;
  }
  const standing = held.value;
  const token = standing.inUse!;

  const result = await present(work, standing, token, presented, "login");
  if (!result.ok) return result;
  work.save("token_accepted", work.tx.update(tokens).set(result.value).where(and(ours(work, tokens), eq(tokens.id, token.id))));
  return done(openSession(work, standing, browser, { by: "one_time_password" }));
}

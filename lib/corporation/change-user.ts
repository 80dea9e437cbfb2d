import { type Proof, type ProofRefusal, requireFreshProof } from "@/lib/approval/prove";
import { confirmPassword, type ConfirmationRefusal } from "@/lib/login/confirm-password";
import { endAccess } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import type { MailContent, UserChange } from "@/lib/mail/intents";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal, RefusalReason } from "@/lib/refusals";
import { assignableClasses } from "./acts";
import type { UserClass } from "./user-classes";
import { forbidden, type Operation } from "./operator";
import { tellUsersAndMasters } from "./tell";

type UserData = { name: string; userClass: UserClass; mailAddress: string };

/** Changes what is registered of another user. A new class ends the user's sessions (R20); a new mail address is told to both addresses. */
export async function changeUser(work: Work, operation: Operation, userId: string, data: UserData): Promise<Result<void, Refusal | { nothing: true }>> {
  const target = operation.targets.get(userId);
  const no = (reason: RefusalReason, act: "change" | "change_user_class" = "change") => {
    work.record({ name: "user.act_refused", userId: target?.user.id, act, reason, ...(!target && { asked: userId }) });
    return refuse({ reason });
  };
  const reason = forbidden("change", operation.operator, target);
  if (!target || reason) return no(reason!);
  const { user } = target;
  const newClass = data.userClass !== user.userClass;
  if (newClass && (forbidden("change_user_class", operation.operator, target) || !assignableClasses(operation.operator.user).includes(data.userClass)))
    return no("not_permitted_on_user", "change_user_class");

  const changed = [
    ...(data.name !== user.name ? ["name" as const] : []),
    ...(newClass ? ["user_class" as const] : []),
    ...(data.mailAddress !== user.mailAddress ? ["mail_address" as const] : []),
  ];
  if (changed.length === 0) return refuse({ nothing: true });
  work.changeUser(user.id, data);
  work.record({ name: "user.changed", userId: user.id, changed });
  if (newClass) endAccess(work, [target], "user_class_changed");
  if (changed.includes("mail_address")) tellOldAddress(work, target);
  const change: UserChange = newClass ? "user_class" : changed.includes("mail_address") ? "mail_address" : "changed";
  await tellUsersAndMasters(work, [{ ...target, user: { ...user, ...data } }], (userNames) => changeMail(work, userNames, change));
  return done(undefined);
}

/** Changes one's own mail address, behind the confirmation password and, where the contract's policy wants one, a fresh proof. What is registered otherwise is a manager's to change. */
export async function changeOwnMailAddress(
  work: Work, standing: Standing, { mailAddress, confirmationPassword, proof }: { mailAddress: string; confirmationPassword: string; proof: Proof },
): Promise<Result<void, ConfirmationRefusal | ProofRefusal | { nothing: true }>> {
  const { user } = standing;
  const confirmed = await confirmPassword(work, standing, confirmationPassword);
  if (!confirmed.ok) return confirmed;
  if (mailAddress === user.mailAddress) return refuse({ nothing: true });
  const approval = { act: "change_own_mail_address", bound: false, statement: { title: "メールアドレスの変更の承認", facts: [] } };
  const proved = await requireFreshProof(work, standing, approval, proof);
  if (!proved.ok) return proved;
  work.changeUser(user.id, { mailAddress });
  work.record({ name: "user.changed", userId: user.id, changed: ["mail_address"] });
  tellOldAddress(work, standing);
  await tellUsersAndMasters(work, [{ ...standing, user: { ...user, mailAddress } }], (userNames) => changeMail(work, userNames, "mail_address"));
  return done(undefined);
}

const changeMail = (work: Work, userNames: string[], change: UserChange): MailContent => ({ kind: "user_changed", userNames, at: work.now.toISOString(), change });

/** Whoever takes an account over begins with its address: the old one learns of it, too. */
function tellOldAddress(work: Work, { user, corporation }: Operation["operator"]): void {
  work.mail({ corporationId: corporation.id, userId: user.id, recipient: user.mailAddress, content: changeMail(work, [user.name], "mail_address") });
}

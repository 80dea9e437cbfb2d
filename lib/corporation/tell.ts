import type { Standing } from "@/lib/login/standing";
import type { MailContent } from "@/lib/mail/intents";
import type { Work } from "@/lib/platform/transaction";
import { managersOf } from "./managers";

type Subject = { user: Pick<Standing["user"], "id" | "name" | "mailAddress">; corporation: Pick<Standing["corporation"], "id"> };

/** One mail to the user and one to each other manager: what a thief would rather do unseen, and what another manager can release. */
export async function tellUserAndManagers(work: Work, { user, corporation }: Subject, content: (forManagers: boolean) => MailContent): Promise<void> {
  const mail = { corporationId: corporation.id, userId: user.id };
  work.mail({ ...mail, recipient: user.mailAddress, content: content(false) });
  for (const manager of await managersOf(work.tx, corporation.id, ["master", "administrator"])) {
    if (manager.id !== user.id) work.mail({ ...mail, recipient: manager.mailAddress, content: content(true) });
  }
}

/** One mail to each of these users of one company, and one that names them all to each master who has not just been told the same. */
export async function tellUsersAndMasters(work: Work, subjects: Subject[], content: (userNames: string[]) => MailContent): Promise<void> {
  const [first] = subjects;
  if (!first) return;
  const corporationId = first.corporation.id;
  for (const { user } of subjects) work.mail({ corporationId, userId: user.id, recipient: user.mailAddress, content: content([user.name]) });

  const alone = subjects.length === 1 ? first.user : undefined;
  const others = (await managersOf(work.tx, corporationId, ["master"])).filter(({ id }) => id !== alone?.id); // whose address in the table may be the old one
  const masters = new Set(others.map(({ mailAddress }) => mailAddress));
  if (alone) masters.delete(alone.mailAddress);
  const userNames = subjects.map(({ user }) => user.name);
  for (const recipient of masters) work.mail({ corporationId, userId: alone?.id, recipient, content: content(userNames) });
}

/** One mail to each master: what became different about the contract itself. */
export async function tellMasters(work: Work, corporation: Subject["corporation"], content: MailContent): Promise<void> {
  for (const { id, mailAddress } of await managersOf(work.tx, corporation.id, ["master"]))
    work.mail({ corporationId: corporation.id, userId: id, recipient: mailAddress, content });
}

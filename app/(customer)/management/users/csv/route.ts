import { z } from "zod";
import { countUsers } from "@/lib/corporation/user-list";
import { usersCsv } from "@/lib/corporation/user-csv";
import { actorOf, requireManager } from "@/lib/login/guards";
import { csvFile, post } from "@/lib/platform/http";
import { sortableDate } from "@/lib/platform/japan-time";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";

/** A post, because it is recorded: who took everybody's names and addresses away. */
export const POST = post({ fields: z.object({}), back: "/management/users", guard: requireManager }, async ({ caller, session }) => {
  const { total } = await countUsers(session.corporation.id);
  await inOneTransaction(caller, byTheClock, (work) => work.record({ name: "users.exported", users: total }), actorOf(session));
  const name = `users-${sortableDate(session.now).replaceAll("-", "")}.csv`;
  return csvFile(name, name, usersCsv(session.corporation.id, session.now));
});

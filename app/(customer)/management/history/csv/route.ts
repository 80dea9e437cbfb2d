import { historyCsv } from "@/lib/audit/history";
import { historyFields } from "@/lib/audit/history-fields";
import { isManager } from "@/lib/corporation/user-classes";
import { actorOf, requireUser } from "@/lib/login/guards";
import { csvFile, post } from "@/lib/platform/http";
import { sortableDate } from "@/lib/platform/japan-time";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";

export const POST = post({ fields: historyFields, back: "/management/history", guard: requireUser }, async ({ caller, session, input }) => {
  const csv = await historyCsv(session, input);
  if ("fields" in csv) return csv;
  const ownOnly = isManager(session.user.userClass) ? undefined : session.user.id;
  await inOneTransaction(caller, byTheClock, (work) => work.record({ name: "history.exported", userId: ownOnly }), actorOf(session));
  const date = sortableDate(session.now).replaceAll("-", "");
  return csvFile(`操作履歴_${date}.csv`, `history_${date}.csv`, csv);
});

import { historyFields } from "@/lib/audit/history-fields";
import { historyBegins, readHistory } from "@/lib/audit/history";
import { requireUser, viewerAnswer } from "@/lib/login/guards";
import { firstProblems, get } from "@/lib/platform/http";
import { sortableDate } from "@/lib/platform/japan-time";
import { policy } from "@/lib/policy";

export const GET = get(async ({ request }) => {
  const session = await requireUser(request);
  const asked = new URL(request.url).searchParams;
  const parsed = historyFields.safeParse(Object.fromEntries(asked));
  const found = parsed.success ? await readHistory(session, parsed.data, asked.get("cursor")) : { fields: firstProblems(parsed.error) };
  return {
    ...viewerAnswer(session),
    days: policy.historyDays, firstDay: sortableDate(historyBegins(session.now)), lastDay: sortableDate(session.now),
    found,
  };
});

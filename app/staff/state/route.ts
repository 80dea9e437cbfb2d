import { z } from "zod";
import { sortableDate } from "@/lib/platform/japan-time";
import { countsOf, uncertainMails, waitingCases } from "@/lib/staff/case-list";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller }) => {
  const session = await requireStaff(request, "read");
  const day = z.iso.date().catch(sortableDate(session.now)).parse(new URL(request.url).searchParams.get("day"));
  await recordRead(caller, session, { name: "staff.cases_listed", day });
  const [counts, waiting, mails] = await Promise.all([countsOf(day), waitingCases(), uncertainMails(session.now)]);
  return { ...staffViewer(session), day, counts, ...waiting, mails };
});

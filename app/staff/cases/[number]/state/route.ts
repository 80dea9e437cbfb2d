import { casePage, companyOf, findCase } from "@/lib/staff/case-page";
import { recordRead, refuseRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller, params }) => {
  const session = await requireStaff(request, "read");
  const row = (await findCase(params.number ?? "")) ?? (await refuseRead(request, session, "unknown_case"));
  await recordRead(caller, session, { name: "staff.case_read", caseNumber: row.found.number }, companyOf(row));
  return { ...staffViewer(session), shown: await casePage(session, row) };
});

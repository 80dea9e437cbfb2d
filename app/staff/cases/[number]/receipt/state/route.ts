import { companyOf, findCase, receiptOf } from "@/lib/staff/case-page";
import { recordRead, refuseRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller, params }) => {
  const session = await requireStaff(request, "read");
  const found = await findCase(params.number ?? "");
  const row = found?.found.state === "done" ? found : await refuseRead(request, session, "unknown_case");
  await recordRead(caller, session, { name: "staff.receipt_read", caseNumber: row.found.number }, companyOf(row));
  return { ...staffViewer(session), ...(await receiptOf(session, row)) };
});

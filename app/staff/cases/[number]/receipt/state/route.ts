import { NotAllowed } from "@/lib/platform/http";
import { findCase, receiptOf } from "@/lib/staff/case-page";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller, params }) => {
  const session = await requireStaff(request, "read");
  const row = await findCase(params.number ?? "");
  if (row?.found.state !== "done") throw new NotAllowed({ reason: "unknown_case" });
  await recordRead(caller, session, { name: "staff.receipt_read", caseNumber: row.found.number }, row.found.corporationId ?? undefined);
  return { ...staffViewer(session), ...(await receiptOf(session, row)) };
});

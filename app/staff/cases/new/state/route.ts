import { z } from "zod";
import { caseForm, companyOf } from "@/lib/staff/case-page";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

const word = z.string().max(60).catch("");
const query = z.object({ contract: word, user: word, kind: word, again: word });

export const GET = staffGet(async ({ request, caller }) => {
  const session = await requireStaff(request, "enter_emergency_stop");
  const { sentBack, contractRead, ...form } = await caseForm(session, query.parse(Object.fromEntries(new URL(request.url).searchParams)));
  if (sentBack) await recordRead(caller, session, { name: "staff.case_read", caseNumber: sentBack.found.number }, companyOf(sentBack));
  if (contractRead) await recordRead(caller, session, { name: "staff.contract_read", contractNumber: contractRead.contractNumber }, [contractRead.id]);
  return { ...staffViewer(session), ...form };
});

import { z } from "zod";
import { NotAllowed } from "@/lib/platform/http";
import { contractByNumber, contractPage } from "@/lib/staff/contracts";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

const query = z.object({ search: z.string().max(100).catch(""), page: z.coerce.number().int().min(1).max(100_000).catch(1) });

export const GET = staffGet(async ({ request, caller, params }) => {
  const session = await requireStaff(request, "read");
  const found = await contractByNumber(params.number ?? "");
  if (!found) throw new NotAllowed({ reason: "unknown_contract" });
  const { contractNumber, id } = found.corporation;
  await recordRead(caller, session, { name: "staff.contract_read", contractNumber }, id);
  const asked = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return { ...staffViewer(session), ...(await contractPage(session, found, asked)) };
});

import { z } from "zod";
import { contractByNumber, contractPage, plainKey } from "@/lib/staff/contracts";
import { recordRead, refuseRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

const query = z.object({ search: z.string().max(100).catch(""), page: z.coerce.number().int().min(1).max(100_000).catch(1) });

export const GET = staffGet(async ({ request, caller, params }) => {
  const session = await requireStaff(request, "read");
  const found = (await contractByNumber(params.number ?? "")) ?? (await refuseRead(request, session, "unknown_contract"));
  const { contractNumber, id } = found.corporation;
  const asked = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  await recordRead(caller, session, { name: "staff.contract_read", contractNumber, ...(asked.search && { search: plainKey(asked.search) }), ...(asked.page > 1 && { page: asked.page }) }, [id]);
  return { ...staffViewer(session), ...(await contractPage(found, asked)) };
});

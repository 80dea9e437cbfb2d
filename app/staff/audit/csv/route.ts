import { sortableDate } from "@/lib/platform/japan-time";
import { csvFile } from "@/lib/platform/http";
import { auditCsv, auditFields } from "@/lib/staff/audit-search";
import { byStaff, recordRead } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: auditFields, back: "/staff/audit", guard: byStaff("export_audit") }, async ({ caller, session, input }) => {
  const exported = await auditCsv(input);
  await recordRead(caller, session, { name: "staff.audit_exported", key: input.key }, exported?.about);
  if (!exported) return { fields: { key: "契約番号、ログインID、職員ID、受付番号のいずれかの全体を入力してください。" } };
  const day = sortableDate(session.now);
  return csvFile(`監査ログ_${day}.csv`, `audit-${day}.csv`, exported.chunks);
});

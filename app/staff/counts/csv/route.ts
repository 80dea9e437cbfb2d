import { z } from "zod";
import { csvFile } from "@/lib/platform/http";
import { countsCsv, countsOf } from "@/lib/staff/case-list";
import { byStaff, recordRead } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

const fields = z.object({ day: z.iso.date("日付は、年月日を正しく入力してください。") });

export const POST = staffPost({ fields, back: "/staff", guard: byStaff("read") }, async ({ caller, session, input: { day } }) => {
  await recordRead(caller, session, { name: "staff.counts_exported", day });
  const rows = await countsOf(day);
  return csvFile(`受付件数_${day}.csv`, `counts-${day}.csv`, (async function* () { yield countsCsv(day, rows); })());
});

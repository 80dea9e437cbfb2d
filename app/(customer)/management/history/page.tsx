import type { Metadata } from "next";
import { History } from "./history";

export const dynamic = "error";
export const metadata: Metadata = { title: "操作履歴照会" };

export default function Page() {
  return <History />;
}

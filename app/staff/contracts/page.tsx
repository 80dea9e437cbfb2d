import type { Metadata } from "next";
import { ContractSearch } from "./contract-search";

export const dynamic = "error";
export const metadata: Metadata = { title: "契約検索" };

export default function Page() {
  return <ContractSearch />;
}

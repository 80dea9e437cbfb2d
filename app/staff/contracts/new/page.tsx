import type { Metadata } from "next";
import { NewContractForm } from "./new-contract";

export const dynamic = "error";
export const metadata: Metadata = { title: "契約登録" };

export default function Page() {
  return <NewContractForm />;
}

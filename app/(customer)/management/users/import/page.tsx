import type { Metadata } from "next";
import { Import } from "./import";

export const dynamic = "error";
export const metadata: Metadata = { title: "CSV一括登録" };

export default function Page() {
  return <Import />;
}

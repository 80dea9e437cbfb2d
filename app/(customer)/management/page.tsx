import type { Metadata } from "next";
import { Management } from "./management";

export const dynamic = "error";
export const metadata: Metadata = { title: "管理" };

export default function Page() {
  return <Management />;
}

import type { Metadata } from "next";
import { Numbers } from "./numbers";

export const dynamic = "error";
export const metadata: Metadata = { title: "設定値と状態遷移" };

export default function Page() {
  return <Numbers />;
}

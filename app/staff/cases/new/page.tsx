import type { Metadata } from "next";
import { NewCase } from "./new-case";

export const dynamic = "error";
export const metadata: Metadata = { title: "受付票の作成" };

export default function Page() {
  return <NewCase />;
}

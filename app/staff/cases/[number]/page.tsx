import type { Metadata } from "next";
import { CaseDetail } from "./case";

export const dynamic = "error";
export const dynamicParams = false;

/** One page for every case: which it is, its script reads from the address. */
export const generateStaticParams = () => [{ number: "-" }];

export const metadata: Metadata = { title: "受付票" };

export default function Page() {
  return <CaseDetail />;
}

import type { Metadata } from "next";
import { ContractDetail } from "./contract";

export const dynamic = "error";
export const dynamicParams = false;

/** One page for every contract: which it is, its script reads from the address. */
export const generateStaticParams = () => [{ number: "-" }];

export const metadata: Metadata = { title: "契約詳細" };

export default function Page() {
  return <ContractDetail />;
}

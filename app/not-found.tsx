import type { Metadata } from "next";
import { ButtonLink } from "./ui/button";
import { Shell } from "./ui/shell";

export const metadata: Metadata = { title: "ページが見つかりません" };

export default function NotFound() {
  return (
    <Shell title="ページが見つかりません">
      <p>お探しのページは、移動したか、アドレスが正しくない可能性があります。</p>
      <p>
        <ButtonLink href="/">トップページへ</ButtonLink>
      </p>
    </Shell>
  );
}

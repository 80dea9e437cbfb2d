"use client";

import { CheckBox } from "@/app/ui/check-box";
import { useInstitution } from "@/app/ui/institution";

/** How long a revoked user waits, and how long they may issue again: the bank's numbers, by the defaults until they are known. */
export function useRevocationTimes() {
  const { waitAfterRevocationMinutes = 30, permissionDays = 7 } = useInstitution()?.policy ?? {};
  return { minutes: waitAfterRevocationMinutes, days: permissionDays };
}

/** R13: left ticked, a revocation opens a 発行許可; otherwise it closes one. */
export function ReissueBox({ defaultChecked = true }: { defaultChecked?: boolean }) {
  const { minutes, days } = useRevocationTimes();
  return (
    <CheckBox
      name="allowReissue"
      label={`失効後${days}日間、再発行を許可する`}
      help={`${minutes}分が過ぎた後、新しいスマートフォンでトークンを発行できます。許可しない場合は、あらためて発行許可が必要です。`}
      defaultChecked={defaultChecked}
    />
  );
}

"use client";

import { PasswordForm } from "@/app/(customer)/password/change/password-form";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Banner } from "@/app/ui/banner";
import { useStateRoute } from "@/app/ui/state-route";
import type { StaffViewer } from "@/lib/staff/answers";

type PasswordChangeState = StaffViewer & { temporary: boolean };

export function StaffPasswordChange() {
  const answer = useStateRoute<PasswordChangeState>("/staff/password/change/state");
  return (
    <StaffScreen title="パスワードの変更" free={answer.state?.temporary !== true} answer={answer}>
      {({ staff, temporary }) => (
        <div className="flex max-w-[40rem] flex-col gap-5">
          {temporary && (
            <Banner kind="information" title="仮パスワードでログインしています。">
              <p>はじめに、仮パスワードを変更してください。変更すると、営業店コンソールを利用できます。</p>
            </Banner>
          )}
          <PasswordForm kind="staff" loginId={staff.staffId} />
        </div>
      )}
    </StaffScreen>
  );
}

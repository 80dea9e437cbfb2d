"use client";

import { useEffect } from "react";
import { IdleDialog } from "@/app/(customer)/idle-dialog";
import { useTopState } from "@/app/(customer)/top-state";
import { menuOf, Shell } from "@/app/ui/shell";
import { Waiting } from "@/app/ui/waiting";

export function Management() {
  const { state, refusal, again } = useTopState();
  const mayManage = state?.isManager;
  useEffect(() => {
    if (mayManage === false) location.replace("/");
  }, [mayManage]);

  return (
    <Shell title="管理" wide user={state?.user} menu={menuOf(mayManage ?? false, "/management")}>
      {state && mayManage ? (
        <>
          <p>
            利用者の管理、停止解除、トークンの失効は、この画面で行えるよう準備しています。それまでは、お取引店舗の窓口でお手続きください。
          </p>
          <IdleDialog session={state.session} />
        </>
      ) : (
        <Waiting refusal={refusal} again={again} />
      )}
    </Shell>
  );
}

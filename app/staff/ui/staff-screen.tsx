"use client";

import type { ReactNode } from "react";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { NotRead, Waiting } from "@/app/ui/waiting";
import type { RefusalAnswer } from "@/lib/platform/answer";
import type { StaffViewer } from "@/lib/staff/answers";
import { type StaffFrame, StaffShell } from "./staff-shell";

type StaffScreenProps<State> = StaffFrame & {
  /** From the screen's state route. */
  answer: { state: State | undefined; refusal: RefusalAnswer | undefined; again: () => void };
  children: (state: State) => ReactNode;
};

const paths = { session: "/staff/session", extend: "/staff/session/extend", logout: "/staff/logout", idle: "/staff/login?ended=idle" };

/** A screen of a member of staff who is logged in: nothing before the state route has answered, and the idle dialog from then on. */
export function StaffScreen<State extends StaffViewer>({ answer, children, ...frame }: StaffScreenProps<State>) {
  const { state, refusal, again } = answer;
  return (
    <StaffShell {...frame} staff={state?.staff}>
      {state ? (
        <>
          {refusal && <NotRead refusal={refusal} again={again} />}
          {children(state)}
          <IdleDialog session={state.session} paths={paths} />
        </>
      ) : (
        <Waiting refusal={refusal} again={again} />
      )}
    </StaffShell>
  );
}

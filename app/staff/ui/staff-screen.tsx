"use client";

import type { ReactNode } from "react";
import { IdleDialog } from "@/app/ui/idle-dialog";
import type { Crumb } from "@/app/ui/shell";
import { Waiting } from "@/app/ui/waiting";
import type { RefusalAnswer } from "@/lib/platform/answer";
import type { StaffViewer } from "@/lib/staff/answers";
import { StaffShell, type StaffMenuPath } from "./staff-shell";

type StaffScreenProps<State> = {
  title: string;
  here?: StaffMenuPath;
  trail?: Crumb[];
  /** From the screen's state route. */
  answer: { state: State | undefined; refusal: RefusalAnswer | undefined; again: () => void };
  children: (state: State) => ReactNode;
};

const paths = { session: "/staff/session", extend: "/staff/session/extend", logout: "/staff/logout", idle: "/staff/login?ended=idle" };

/** A screen of a member of staff who is logged in: nothing before the state route has answered, and the idle dialog from then on. */
export function StaffScreen<State extends StaffViewer>({ title, here, trail, answer, children }: StaffScreenProps<State>) {
  const { state, refusal, again } = answer;
  return (
    <StaffShell title={title} staff={state?.staff} here={here} trail={trail}>
      {state ? (
        <>
          {children(state)}
          <IdleDialog session={state.session} paths={paths} />
        </>
      ) : (
        <Waiting refusal={refusal} again={again} />
      )}
    </StaffShell>
  );
}

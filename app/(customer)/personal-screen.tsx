"use client";

import type { ReactNode } from "react";
import type { RefusalAnswer, ViewerAnswer } from "@/lib/platform/answer";
import { type Crumb, type MenuPath, menuOf, Shell } from "@/app/ui/shell";
import { NotRead, Waiting } from "@/app/ui/waiting";
import { IdleDialog } from "@/app/ui/idle-dialog";

type PersonalScreenProps<State> = {
  title: string;
  /** Absent for a screen that the menu does not lead to. */
  here?: MenuPath;
  trail?: Crumb[];
  wide?: boolean;
  /** What the screen is for, which is no secret: it is read while the rest is asked for. */
  introduction?: string;
  /** From the screen's state route. */
  answer: { state: State | undefined; refusal: RefusalAnswer | undefined; again: () => void };
  /** Without script: a form that needs no state. */
  plain?: ReactNode;
  children: (state: State) => ReactNode;
};

/** A screen of somebody who is logged in: nothing of theirs before the state route has answered, and the idle dialog from then on. */
export function PersonalScreen<State extends ViewerAnswer>({ title, here, trail, wide = true, introduction, answer, plain, children }: PersonalScreenProps<State>) {
  const { state, refusal, again } = answer;
  return (
    <Shell title={title} wide={wide} user={state?.user} waiting={!state && !refusal} menu={menuOf(state?.isManager ?? false, here)} trail={trail}>
      {introduction && (state || !refusal) && <p>{introduction}</p>}
      {state ? (
        <>
          {refusal && <NotRead refusal={refusal} again={again} />}
          {children(state)}
          <IdleDialog session={state.session} />
        </>
      ) : (
        <Waiting refusal={refusal} again={again}>
          {plain}
        </Waiting>
      )}
    </Shell>
  );
}

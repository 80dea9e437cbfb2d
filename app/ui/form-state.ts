"use client";

import { createContext, type KeyboardEvent, useContext } from "react";

/** What a form's fields know about its last answer. */
type FormState = {
  errors: Record<string, string>;
  refused: boolean;
  /** Between the button and the answer. */
  sending: boolean;
  shown: boolean;
  show: (shown: boolean) => void;
};

export const FormContext = createContext<FormState>({
  errors: {},
  refused: false,
  sending: false,
  shown: false,
  show: () => undefined,
});

export const useForm = () => useContext(FormContext);

/** For a form of several buttons: Enter in a field would press the first of them. */
export function withoutEnter(event: KeyboardEvent) {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
}

"use client";

import { createContext, useContext } from "react";

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

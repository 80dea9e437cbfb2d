export * from "./audit";
export * from "./corporation";
export * from "./login";
export * from "./mail";
export * from "./passkey";
export * from "./staff";
export * from "./suspension";
export * from "./token";

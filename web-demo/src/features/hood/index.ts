// What other parts of the app use of the panel: the button that opens it. Its pages and the panel itself are loaded when they are wanted.
export { HoodButton } from "./HoodButton";

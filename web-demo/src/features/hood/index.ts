// What the app uses of the panel at once: the button that opens it. Its page and the panel itself are loaded when they are wanted.
export { HoodButton, type Panel } from "./HoodButton";

/** dictionary is the text of the frozen dictionary that links are made with. */
export { default as dictionary } from "../../wasm/links/dictionary-1.txt?raw";

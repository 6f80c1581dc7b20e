import { createContext } from "svelte";

/** getRules gives the address of the page of the rule book; "" where it is not at hand, as in a page in a single file. */
export const [getRules, setRules] = createContext<string>();
